CREATE TABLE `automatic_answers` (
	`workspace_id` text NOT NULL,
	`identity_id` text NOT NULL,
	`kind` text NOT NULL,
	`period` text NOT NULL,
	`message_id` text NOT NULL,
	`answered_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `identity_id`, `kind`, `period`)
);
--> statement-breakpoint
CREATE TABLE `business_hours` (
	`workspace_id` text NOT NULL,
	`department_id` text NOT NULL,
	`week` text NOT NULL,
	`answer` text,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`workspace_id`, `department_id`)
);
--> statement-breakpoint
CREATE TABLE `greetings` (
	`workspace_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`body` text NOT NULL,
	`once` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	PRIMARY KEY(`workspace_id`, `inbox_id`)
);
--> statement-breakpoint
CREATE TABLE `holidays` (
	`workspace_id` text NOT NULL,
	`day` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `quick_replies` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`scope` text NOT NULL,
	`owner_id` text NOT NULL,
	`shortcut` text NOT NULL,
	`shortcut_key` text NOT NULL,
	`body` text NOT NULL,
	`terms` text NOT NULL,
	`uses` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quick_replies_shortcut` ON `quick_replies` (`workspace_id`,`owner_id`,`shortcut_key`);--> statement-breakpoint
CREATE TABLE `quick_reply_files` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`quick_reply_id` text NOT NULL,
	`mime_type` text NOT NULL,
	`file_name` text,
	`size` integer NOT NULL,
	`object_key` text NOT NULL,
	`removed_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `quick_reply_files_of` ON `quick_reply_files` (`workspace_id`,`quick_reply_id`);--> statement-breakpoint
CREATE INDEX `quick_reply_files_removed` ON `quick_reply_files` (`removed_at`) WHERE removed_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `close_reasons` ADD `farewell` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `automatic` text;