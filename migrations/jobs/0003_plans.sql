-- graphile-worker's add_jobs unnests an array and was planned anew at each call: nearly half of what an enqueued job cost. Its plans do not depend on what is in the array.
alter function jobs.enqueue set plan_cache_mode = force_generic_plan;
alter function jobs.ensure set plan_cache_mode = force_generic_plan;
