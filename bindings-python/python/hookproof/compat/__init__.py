"""Modules with the call shapes of libraries for one provider, so that moving over changes one import."""
