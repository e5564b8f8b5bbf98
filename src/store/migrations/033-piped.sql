-- Requests with several lines may have been piped in by an earlier version, which did not tell them from typed ones.

UPDATE backlog_item SET source = 'piped', key = CASE
  WHEN EXISTS (SELECT 1 FROM backlog_item AS piped WHERE piped.source = 'piped' AND piped.key = backlog_item.key) THEN key || ' ' || id
  ELSE key
END
WHERE source = 'hand' AND instr(request, char(10)) > 0;
