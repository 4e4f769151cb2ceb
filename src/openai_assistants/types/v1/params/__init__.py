"""Parameters of the API's methods, a module for each topic.

Generated from codegen/sdk.yaml; do not edit.
"""
