CREATE TABLE `reactions` (
	`workspace_id` text NOT NULL,
	`message_id` text NOT NULL,
	`side` text NOT NULL,
	`emoji` text,
	`sent_by_id` text,
	`reacted_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `message_id`, `side`),
	FOREIGN KEY (`workspace_id`,`message_id`) REFERENCES `messages`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`external_id` text,
	`name` text NOT NULL,
	`language` text NOT NULL,
	`category` text NOT NULL,
	`status` text NOT NULL,
	`status_reason` text,
	`parameter_format` text NOT NULL,
	`components` text NOT NULL,
	`synced_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`inbox_id`) REFERENCES `inboxes`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_name` ON `templates` (`inbox_id`,`name`,`language`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`agent_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`kind` text NOT NULL,
	`mime_type` text NOT NULL,
	`file_name` text,
	`size` integer NOT NULL,
	`width` integer,
	`height` integer,
	`duration` integer,
	`voice` integer DEFAULT false NOT NULL,
	`object_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`conversation_id`) REFERENCES `conversations`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `uploads_chosen` ON `uploads` (`workspace_id`,`agent_id`,`conversation_id`);--> statement-breakpoint
CREATE INDEX `uploads_age` ON `uploads` (`created_at`);--> statement-breakpoint
ALTER TABLE `attachments` ADD `inbox_id` text;--> statement-breakpoint
ALTER TABLE `attachments` ADD `animated` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `attachments` ADD `tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `attachments` ADD `not_before` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `attachments` ADD `error_code` text;--> statement-breakpoint
CREATE INDEX `attachments_pending` ON `attachments` (`inbox_id`,`not_before`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `attachments_deleted` ON `attachments` (`inbox_id`) WHERE state = 'deleted' AND object_key IS NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `picture_key` text;--> statement-breakpoint
ALTER TABLE `contacts` ADD `picture_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `last_ad_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `imported` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_imported` ON `conversations` (`inbox_id`,`identity_id`) WHERE imported = 1;--> statement-breakpoint
ALTER TABLE `identities` ADD `username` text;--> statement-breakpoint
ALTER TABLE `identities` ADD `profile_at` integer;--> statement-breakpoint
ALTER TABLE `inboxes` ADD `settings` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `inboxes` ADD `checkup` text;--> statement-breakpoint
ALTER TABLE `inboxes` ADD `checked_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `edit_rank` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `content` text;--> statement-breakpoint
ALTER TABLE `send_attempts` ADD `sent_at` integer;