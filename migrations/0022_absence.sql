CREATE TABLE `last_sweep` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	CONSTRAINT "last_sweep_one" CHECK(id = 1)
);
