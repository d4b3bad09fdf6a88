"""Drive: files, folders, shortcuts, Shared Drives, who may do what, searches and exports.

Read ``file`` (what a file is), ``files`` (all of them), ``query`` (the search language), and then
``methods``, which lists the modules that answer the API's methods.
"""
