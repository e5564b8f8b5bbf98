-- Requests with several lines may have been piped in by an earlier version, which did not tell them from typed ones.

UPDATE backlog_item SET source = 'piped' WHERE source = 'hand' AND instr(request, char(10)) > 0;
