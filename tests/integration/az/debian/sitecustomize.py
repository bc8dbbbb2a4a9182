"""Mends Debian 12 from outside, without touching az: its azure-cli 2.45 asks the operations of azure-mgmt-authorization for
.config, which the newer python3-azure beside it calls ._config. Without this, `az role` and `create-for-rbac --role` fail before
they ask any server, Azure's included: 'RoleAssignmentsOperations' object has no attribute 'config'."""
import importlib.abc
import importlib.util
import sys


class Patch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if not name.startswith("azure.mgmt.authorization.") or not name.endswith("_operations"):
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def run(module):
            execute(module)
            for value in vars(module).values():
                if isinstance(value, type) and value.__name__.endswith("Operations") and not hasattr(value, "config"):
                    value.config = property(lambda self: self._config)

        spec.loader.exec_module = run
        return spec


sys.meta_path.insert(0, Patch())
