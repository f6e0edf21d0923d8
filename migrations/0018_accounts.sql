CREATE INDEX `audit_log_time` ON `audit_log` (`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_actor` ON `audit_log` (`workspace_id`,`actor_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`workspace_id`,`action`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`workspace_id`,`target_id`,`created_at`,`id`) WHERE target_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `send_attempts_failed` ON `send_attempts` (`inbox_id`,`created_at`) WHERE state = 'failed';