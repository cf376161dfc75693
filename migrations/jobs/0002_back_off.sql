-- A job that backs off waits ten minutes at most while its row asks for it: the queue's own back-off grows to six hours, long after an outage is over.
create or replace function jobs.ensure(task text, payload jsonb, key text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
	allowed constant int := jobs.check_call(task, payload);
begin
	if exists (select from graphile_worker._private_jobs j where j.key = ensure.key and (j.attempts < j.max_attempts or j.locked_at is not null)) then
		update graphile_worker._private_jobs j set run_at = now() + interval '10 minutes' where j.key = ensure.key and j.locked_at is null and j.run_at > now() + interval '10 minutes';
		return false;
	end if;
	perform graphile_worker.add_job(task, payload::json, job_key => key, priority => allowed);
	return true;
end $$;
