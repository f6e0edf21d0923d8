ALTER TABLE `groups` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX `contact_merges_kept` ON `contact_merges` (`workspace_id`,`kept_id`,`merged_at`);--> statement-breakpoint
CREATE INDEX `contacts_merged` ON `contacts` (`workspace_id`,`merged_into_id`) WHERE merged_into_id IS NOT NULL;