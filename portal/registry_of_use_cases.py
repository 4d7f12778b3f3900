"""Every module that registers use cases, views, tasks or rules: imported here, so that whoever runs
the portal has them all."""
