"""Mutation testing: small defects are put into the client and the server, and tests must notice each one."""
