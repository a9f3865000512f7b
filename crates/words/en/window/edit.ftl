# What the person changes of a server.

edit-title = Change name, address or permissions
edit-name = Name
edit-url = Address
edit-scopes = Permissions to ask for
edit-scopes-note = with spaces between; empty leaves it to the server
edit-folders = For folders
edit-folders-note = one a line, such as ~/work/acme; empty for any
edit-renamed = It keeps its sign-in and your answers. Programs that use it by its name have to be told the new one.
edit-moved = Another address is another server: the sign-in to this one is ended, and programs that you allowed ask again.
edit-asked = Used the next time you authorize.
edit-save = Save
edit-saving = Saving…
edit-saved = Saved.
