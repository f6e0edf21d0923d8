CREATE TABLE `agents` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`locale` text,
	`theme` text DEFAULT 'system' NOT NULL,
	`authz_version` integer DEFAULT 1 NOT NULL,
	`deactivated_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agents_user` ON `agents` (`user_id`);--> statement-breakpoint
CREATE TABLE `applied_events` (
	`workspace_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`kind` text NOT NULL,
	`applied_at` integer NOT NULL,
	PRIMARY KEY(`inbox_id`, `dedupe_key`)
);
--> statement-breakpoint
CREATE TABLE `assignee_counts` (
	`workspace_id` text NOT NULL,
	`assignee_id` text NOT NULL,
	`open` integer DEFAULT 0 NOT NULL,
	`unread` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`workspace_id`, `assignee_id`)
);
--> statement-breakpoint
CREATE TABLE `attachments` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`ord` integer DEFAULT 0 NOT NULL,
	`kind` text NOT NULL,
	`mime_type` text,
	`file_name` text,
	`size` integer,
	`width` integer,
	`height` integer,
	`duration` integer,
	`voice` integer DEFAULT false NOT NULL,
	`provider_media_id` text,
	`state` text DEFAULT 'pending' NOT NULL,
	`object_key` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`message_id`) REFERENCES `messages`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attachments_message` ON `attachments` (`workspace_id`,`message_id`,`ord`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`actor_id` text,
	`session_hash` text,
	`address_hash` text,
	`action` text NOT NULL,
	`target_type` text,
	`target_id` text,
	`detail` text,
	`request_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `comment_versions` (
	`workspace_id` text NOT NULL,
	`comment_id` text NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL,
	`author_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `comment_id`, `version`),
	FOREIGN KEY (`workspace_id`,`comment_id`) REFERENCES `comments`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `comments` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`conversation_id` text,
	`author_id` text NOT NULL,
	`client_key` text NOT NULL,
	`body` text NOT NULL,
	`pinned_at` integer,
	`pinned_by_id` text,
	`edited_at` integer,
	`deleted_at` integer,
	`deleted_by_id` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`conversation_id`) REFERENCES `conversations`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`author_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `comments_client_key` ON `comments` (`workspace_id`,`author_id`,`client_key`);--> statement-breakpoint
CREATE INDEX `comments_contact` ON `comments` (`workspace_id`,`contact_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `contact_groups` (
	`workspace_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`group_id` text NOT NULL,
	`author_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `contact_id`, `group_id`),
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`group_id`) REFERENCES `groups`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_groups_group` ON `contact_groups` (`workspace_id`,`group_id`);--> statement-breakpoint
CREATE TABLE `contact_tags` (
	`workspace_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`tag_id` text NOT NULL,
	`author_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `contact_id`, `tag_id`),
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`tag_id`) REFERENCES `tags`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_tags_tag` ON `contact_tags` (`workspace_id`,`tag_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text,
	`profile_name` text,
	`profile_name_at` integer DEFAULT 0 NOT NULL,
	`phone` text,
	`merged_into_id` text,
	`author_id` text,
	`client_key` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_phone` ON `contacts` (`workspace_id`,`phone`) WHERE phone IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_client_key` ON `contacts` (`workspace_id`,`author_id`,`client_key`) WHERE client_key IS NOT NULL;--> statement-breakpoint
CREATE TABLE `conversations` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`identity_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`department_id` text,
	`assignee_id` text,
	`status` text DEFAULT 'open' NOT NULL,
	`snoozed_until` integer,
	`seq` integer DEFAULT 0 NOT NULL,
	`out_ord` integer DEFAULT 0 NOT NULL,
	`delivered_wm` integer DEFAULT 0 NOT NULL,
	`read_wm` integer DEFAULT 0 NOT NULL,
	`last_at` integer NOT NULL,
	`last_incoming_at` integer,
	`unread` integer DEFAULT 0 NOT NULL,
	`waiting_since` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`closed_by_id` text,
	`close_reason` text,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`inbox_id`) REFERENCES `inboxes`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`identity_id`) REFERENCES `identities`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`department_id`) REFERENCES `departments`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`assignee_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_one_open` ON `conversations` (`inbox_id`,`identity_id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_list` ON `conversations` (`workspace_id`,`last_at`,`id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_department` ON `conversations` (`workspace_id`,`department_id`,`last_at`,`id`) WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_closed` ON `conversations` (`workspace_id`,`closed_at`,`id`) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX `conversations_assignee` ON `conversations` (`workspace_id`,`assignee_id`,`last_at`) WHERE assignee_id IS NOT NULL AND status <> 'closed';--> statement-breakpoint
CREATE INDEX `conversations_identity` ON `conversations` (`workspace_id`,`identity_id`,`opened_at`);--> statement-breakpoint
CREATE INDEX `conversations_contact` ON `conversations` (`workspace_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `department_members` (
	`workspace_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`department_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `agent_id`, `department_id`),
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`department_id`) REFERENCES `departments`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `departments` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `departments_name` ON `departments` (`workspace_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `drafts` (
	`workspace_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	`reply_to_id` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `agent_id`, `conversation_id`, `kind`),
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`conversation_id`) REFERENCES `conversations`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `groups` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name` ON `groups` (`workspace_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `identities` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`external_id` text NOT NULL,
	`phone` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`contact_id`) REFERENCES `contacts`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`inbox_id`) REFERENCES `inboxes`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_external` ON `identities` (`inbox_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `identities_phone` ON `identities` (`inbox_id`,`phone`) WHERE phone IS NOT NULL;--> statement-breakpoint
CREATE INDEX `identities_contact` ON `identities` (`workspace_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `identities_principal` ON `identities` (`workspace_id`,`principal_id`);--> statement-breakpoint
CREATE TABLE `inbox_agents` (
	`workspace_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `agent_id`, `inbox_id`),
	FOREIGN KEY (`workspace_id`,`agent_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`inbox_id`) REFERENCES `inboxes`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `inbox_counts` (
	`workspace_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`department_id` text NOT NULL,
	`open` integer DEFAULT 0 NOT NULL,
	`unread` integer DEFAULT 0 NOT NULL,
	`waiting` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`workspace_id`, `inbox_id`, `department_id`)
);
--> statement-breakpoint
CREATE TABLE `inboxes` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`channel` text NOT NULL,
	`name` text NOT NULL,
	`external_account_id` text NOT NULL,
	`address` text NOT NULL,
	`provider_app_id` text,
	`webhook_key` text NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`status_reason` text,
	`department_id` text,
	`credentials` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`gateway_version` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`department_id`) REFERENCES `departments`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inboxes_account` ON `inboxes` (`channel`,`external_account_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `inboxes_webhook_key` ON `inboxes` (`webhook_key`);--> statement-breakpoint
CREATE TABLE `kept_events` (
	`workspace_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`inbox_id`, `dedupe_key`),
	FOREIGN KEY (`workspace_id`,`inbox_id`) REFERENCES `inboxes`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`kind` text DEFAULT 'message' NOT NULL,
	`direction` text NOT NULL,
	`type` text DEFAULT 'text' NOT NULL,
	`body` text,
	`external_id` text,
	`reply_to_external_id` text,
	`occurred_at` integer NOT NULL,
	`provider_at` integer,
	`ingest_ord` integer NOT NULL,
	`author_id` text,
	`client_key` text,
	`body_hash` text,
	`seq` integer NOT NULL,
	`edited_at` integer,
	`deleted_at` integer,
	`superseded_by_id` text,
	`raw` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`conversation_id`) REFERENCES `conversations`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`,`author_id`) REFERENCES `agents`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_external` ON `messages` (`inbox_id`,`external_id`) WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_key` ON `messages` (`workspace_id`,`author_id`,`client_key`) WHERE client_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX `messages_thread` ON `messages` (`workspace_id`,`conversation_id`,`occurred_at`,`ingest_ord`);--> statement-breakpoint
CREATE INDEX `messages_seq` ON `messages` (`conversation_id`,`seq`);--> statement-breakpoint
CREATE TABLE `send_attempts` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`no` integer NOT NULL,
	`ord` integer NOT NULL,
	`state` text DEFAULT 'queued' NOT NULL,
	`rank` integer DEFAULT 0 NOT NULL,
	`lease_id` text,
	`lease_until` integer,
	`not_before` integer DEFAULT 0 NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`external_id` text,
	`error_class` text,
	`error_code` text,
	`error_detail` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`),
	FOREIGN KEY (`workspace_id`,`message_id`) REFERENCES `messages`(`workspace_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `send_attempts_no` ON `send_attempts` (`workspace_id`,`message_id`,`no`);--> statement-breakpoint
CREATE UNIQUE INDEX `send_attempts_external` ON `send_attempts` (`inbox_id`,`external_id`) WHERE external_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `send_attempts_outbox` ON `send_attempts` (`inbox_id`,`conversation_id`,`ord`) WHERE state IN ('queued', 'sending');--> statement-breakpoint
CREATE TABLE `tags` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`color` text DEFAULT 'sea' NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_name` ON `tags` (`workspace_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `workspaces` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`locale` text DEFAULT 'pt-BR' NOT NULL,
	`time_zone` text DEFAULT 'America/Sao_Paulo' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	`updated_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`expires_at` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	`updated_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_unique` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_user` ON `session` (`user_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`created_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	`updated_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_unique` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL,
	`updated_at` integer DEFAULT (cast(unixepoch('subsecond') * 1000 as integer)) NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verification_identifier` ON `verification` (`identifier`);