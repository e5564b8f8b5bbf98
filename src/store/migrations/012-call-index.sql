-- What a pass or a request spent is asked for by each save of the daemon, and by receipts.

CREATE INDEX call_pass ON call (pass);
CREATE INDEX call_request ON call (request);
