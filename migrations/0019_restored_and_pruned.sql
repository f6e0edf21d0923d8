ALTER TABLE `workspaces` ADD `restored_from` integer;
--> statement-breakpoint
-- The account of everything is kept for two years: until then nobody takes a line out of it.
DROP TRIGGER audit_log_no_delete;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log WHEN OLD.created_at > unixepoch() * 1000 - 63158400000 BEGIN
  SELECT raise(ABORT, 'audit_log is append-only');
END;
