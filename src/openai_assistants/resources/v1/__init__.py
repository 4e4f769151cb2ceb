"""Resources of the client, a module for each.

Generated from codegen/sdk.yaml; do not edit.
"""
