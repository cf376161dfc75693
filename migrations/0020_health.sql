-- What the worker last found of the parts outside: the timestamp authority, the other clocks. Read before a code is sent, and by fsck. It names nobody.

create table health (
	part text primary key check (part in ('authority', 'clock')),
	looked_at timestamptz not null default app.now(),
	good_at timestamptz, -- null: never
	problem text check (length(problem) <= 500), -- why nothing is signed or stamped now; null: nothing is in the way
	remark text check (length(remark) <= 500), -- what an operator should look at all the same
	drift float8 -- our clock minus theirs, milliseconds; null: not known
);
alter table health enable row level security;
alter table health force row level security;
create policy shown on health for select to web using (true);
create policy looks on health to worker using (true) with check (true);
grant select on health to web;
grant select, insert, update on health to worker;

-- What a completed document reached, and what its completion waits for: never a lower level in silence (SIGN-7).
alter table envelope
	add column proof_level text check (proof_level in ('B-B', 'B-T', 'B-LT', 'B-LTA')), -- null: not complete, or before this column
	add column awaits text check (length(awaits) <= 500); -- null: nothing, or not tried yet
