CREATE TABLE `password_resets` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`agent_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`made_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `password_resets_token` ON `password_resets` (`token_hash`);--> statement-breakpoint
CREATE INDEX `password_resets_agent` ON `password_resets` (`workspace_id`,`agent_id`);--> statement-breakpoint
CREATE TABLE `two_factor` (
	`id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`backup_codes` text NOT NULL,
	`user_id` text NOT NULL,
	`verified` integer DEFAULT true NOT NULL,
	`failed_verification_count` integer DEFAULT 0 NOT NULL,
	`locked_until` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `two_factor_user` ON `two_factor` (`user_id`);--> statement-breakpoint
ALTER TABLE `agents` ADD `deactivated_by_id` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `successor_id` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `time_zone` text;--> statement-breakpoint
ALTER TABLE `agents` ADD `sounds` text;--> statement-breakpoint
CREATE INDEX `agents_deactivated` ON `agents` (`workspace_id`,`id`) WHERE deactivated_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `user` ADD `two_factor_enabled` integer DEFAULT false NOT NULL;