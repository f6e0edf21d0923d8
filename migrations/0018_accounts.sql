CREATE TABLE `storage_counts` (
	`workspace_id` text PRIMARY KEY NOT NULL,
	`files` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_time` ON `audit_log` (`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_actor` ON `audit_log` (`workspace_id`,`actor_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`workspace_id`,`action`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`workspace_id`,`target_id`,`created_at`,`id`) WHERE target_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `send_attempts_failed` ON `send_attempts` (`inbox_id`,`created_at`) WHERE state = 'failed';--> statement-breakpoint
-- What stands in the store is counted by the statement that puts it there or takes it away.
CREATE TRIGGER attachments_counted_insert AFTER INSERT ON attachments WHEN NEW.state = 'stored' BEGIN
  INSERT INTO storage_counts (workspace_id, files, bytes) VALUES (NEW.workspace_id, 1, coalesce(NEW.size, 0))
  ON CONFLICT (workspace_id) DO UPDATE SET files = files + 1, bytes = bytes + excluded.bytes;
END;
--> statement-breakpoint
CREATE TRIGGER attachments_counted_update AFTER UPDATE OF state, size ON attachments
WHEN (OLD.state = 'stored') <> (NEW.state = 'stored') OR NEW.state = 'stored' AND OLD.size IS NOT NEW.size BEGIN
  INSERT INTO storage_counts (workspace_id, files, bytes) VALUES (NEW.workspace_id, (NEW.state = 'stored') - (OLD.state = 'stored'),
    (NEW.state = 'stored') * coalesce(NEW.size, 0) - (OLD.state = 'stored') * coalesce(OLD.size, 0))
  ON CONFLICT (workspace_id) DO UPDATE SET files = files + excluded.files, bytes = bytes + excluded.bytes;
END;
--> statement-breakpoint
CREATE TRIGGER attachments_counted_delete AFTER DELETE ON attachments WHEN OLD.state = 'stored' BEGIN
  UPDATE storage_counts SET files = files - 1, bytes = bytes - coalesce(OLD.size, 0) WHERE workspace_id = OLD.workspace_id;
END;
--> statement-breakpoint
INSERT INTO storage_counts (workspace_id, files, bytes)
SELECT workspace_id, count(*), coalesce(sum(size), 0) FROM attachments WHERE state = 'stored' GROUP BY workspace_id;
