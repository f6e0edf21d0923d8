CREATE TABLE `close_reasons` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `close_reasons_name` ON `close_reasons` (`workspace_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `comment_mentions` (
	`workspace_id` text NOT NULL,
	`comment_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `comment_id`, `agent_id`),
	FOREIGN KEY (`workspace_id`,`comment_id`) REFERENCES `comments`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `contact_merges` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`kept_id` text NOT NULL,
	`merged_id` text NOT NULL,
	`before` text NOT NULL,
	`author_id` text NOT NULL,
	`merged_at` integer NOT NULL,
	`undone_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
DROP INDEX `conversations_list`;--> statement-breakpoint
DROP INDEX `conversations_department`;--> statement-breakpoint
DROP INDEX `conversations_assignee`;--> statement-breakpoint
CREATE INDEX `conversations_inbox` ON `conversations` (`workspace_id`,`inbox_id`,`last_at`,`id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_closed_department` ON `conversations` (`workspace_id`,`department_id`,`closed_at`,`id`) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX `conversations_closed_inbox` ON `conversations` (`workspace_id`,`inbox_id`,`closed_at`,`id`) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX `conversations_closed_assignee` ON `conversations` (`workspace_id`,`assignee_id`,`closed_at`,`id`) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX `conversations_list` ON `conversations` (`workspace_id`,(assignee_id IS NULL),`last_at`,`id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_department` ON `conversations` (`workspace_id`,`department_id`,(assignee_id IS NULL),`last_at`,`id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_assignee` ON `conversations` (`workspace_id`,`assignee_id`,`last_at`,`id`) WHERE assignee_id IS NOT NULL AND status <> 'closed';--> statement-breakpoint
ALTER TABLE `agents` ADD `list_filters` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `contacts_name` ON `contacts` (`workspace_id`,`name_key`,`id`) WHERE merged_into_id IS NULL;