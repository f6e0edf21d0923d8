CREATE TABLE `data_exports` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`requested_by_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `data_exports_token` ON `data_exports` (`token_hash`);--> statement-breakpoint
CREATE TABLE `erased_keys` (
	`workspace_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`key` text NOT NULL,
	`erased_at` integer NOT NULL,
	PRIMARY KEY(`inbox_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `erasures` (
	`workspace_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`requested_by_id` text NOT NULL,
	`requested_at` integer NOT NULL,
	`step` text NOT NULL,
	`cursor` text DEFAULT '' NOT NULL,
	`subject` text,
	`counts` text DEFAULT '{}' NOT NULL,
	`finished_at` integer,
	PRIMARY KEY(`workspace_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `erasures_contact` ON `erasures` (`workspace_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `erasures_unfinished` ON `erasures` (`workspace_id`) WHERE finished_at IS NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `erased_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `emptied_at` integer;--> statement-breakpoint
CREATE INDEX `conversations_kept` ON `conversations` (`workspace_id`,`closed_at`) WHERE status = 'closed' AND emptied_at IS NULL;--> statement-breakpoint
ALTER TABLE `workspaces` ADD `retention_days` integer;
--> statement-breakpoint
-- A word that is found no more stays nowhere in the index: not in what its segments hold of deleted rows either.
INSERT INTO contact_search (contact_search, rank) VALUES ('secure-delete', 1);
--> statement-breakpoint
INSERT INTO contact_search (contact_search) VALUES ('rebuild');
--> statement-breakpoint
-- What is still being typed or chosen about somebody who was erased is kept nowhere, whichever page sends it.
CREATE TRIGGER drafts_of_erased BEFORE INSERT ON drafts WHEN EXISTS (
  SELECT 1 FROM conversations c JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.conversation_id AND k.erased_at IS NOT NULL) BEGIN
  SELECT raise(IGNORE);
END;
--> statement-breakpoint
CREATE TRIGGER uploads_of_erased BEFORE INSERT ON uploads WHEN EXISTS (
  SELECT 1 FROM conversations c JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  WHERE c.workspace_id = NEW.workspace_id AND c.id = NEW.conversation_id AND k.erased_at IS NOT NULL) BEGIN
  SELECT raise(IGNORE);
END;
