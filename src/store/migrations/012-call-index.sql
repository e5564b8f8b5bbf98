-- Each save of the daemon, and receipts, ask what a pass or a request spent.

CREATE INDEX call_pass ON call (pass);
CREATE INDEX call_request ON call (request);
