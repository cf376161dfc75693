-- The queue's only doors. graphile-worker's own tables have row-level security without a policy: no other role gets in.

-- `priority`: of several jobs that wait, the one of the lowest runs first.
create table jobs.allowed (role name not null, task text not null, priority int not null, primary key (role, task));
alter table jobs.allowed enable row level security;

create table jobs.heartbeat (worker text primary key, at timestamptz not null default clock_timestamp());
alter table jobs.heartbeat enable row level security;

-- session_user is the role that logged in, whatever security definer function stands between. Answers the task's priority.
create function jobs.check_call(task text, payload jsonb) returns int
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
	allowed int;
begin
	select a.priority into allowed from jobs.allowed a where a.role = session_user and a.task = check_call.task;
	if not found then
		raise exception 'role % may not enqueue %', session_user, task using errcode = 'insufficient_privilege';
	end if;
	if jsonb_typeof(payload) <> 'object' or exists (
		select from jsonb_each(payload) p
		where not (jsonb_typeof(p.value) = 'number' or jsonb_typeof(p.value) = 'string' and p.value #>> '{}' ~ '^[A-Za-z0-9_.:-]{1,64}$')
	) then
		raise exception 'a job''s payload is an object of ids' using errcode = 'check_violation';
	end if;
	return allowed;
end $$;

-- Enqueues in the caller's transaction. A job of the same key that is not running is replaced.
create function jobs.enqueue(task text, payload jsonb, key text default null, run_at timestamptz default null) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
	perform graphile_worker.add_job(task, payload::json, run_at => run_at, job_key => key, priority => jobs.check_call(task, payload));
end $$;

-- For sweeps: enqueues unless a job of that key is waiting, backing off or running. One that gave up is replaced.
create function jobs.ensure(task text, payload jsonb, key text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	allowed constant int := jobs.check_call(task, payload);
begin
	if exists (select from graphile_worker._private_jobs j where j.key = ensure.key and (j.attempts < j.max_attempts or j.locked_at is not null)) then
		return false;
	end if;
	perform graphile_worker.add_job(task, payload::json, job_key => key, priority => allowed);
	return true;
end $$;

-- Says these workers live, and frees the jobs of those that have not said so for `stale`. Returns the dead.
-- A job taken less than `stale` ago is left alone: its worker may not have had the time to say that it lives.
create function jobs.beat(workers text[], stale interval) returns setof text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
	dead text[];
begin
	insert into jobs.heartbeat (worker) select unnest(workers)
		on conflict (worker) do update set at = clock_timestamp();
	select array_agg(distinct j.locked_by) into dead from graphile_worker._private_jobs j
		where j.locked_by is not null and j.locked_at < clock_timestamp() - stale
		and not exists (select from jobs.heartbeat h where h.worker = j.locked_by and h.at > clock_timestamp() - stale);
	delete from jobs.heartbeat h where h.at < clock_timestamp() - 10 * stale;
	if dead is null then return; end if;
	perform graphile_worker.force_unlock_workers(dead);
	perform pg_notify('jobs:insert', '{"count":1}');
	return query select unnest(dead);
end $$;

revoke all on all functions in schema jobs from public;
grant usage on schema jobs to web, worker;
grant execute on function jobs.enqueue, jobs.ensure to web, worker;
