"""The registry of licences and permits (APP-09), which licensing writes and ЕАИС reads."""
