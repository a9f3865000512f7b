# Files of other programs.

file-link = Reached by a link; it really is { $to }.
file-project = It belongs to a project: others who work on it get these lines too.
file-new = There is no such file yet.
file-gone = There was no such file before; it goes.
file-line = Line { $line }
file-comes = comes
file-goes = goes
file-left = { $program }: { $trouble }.
