/// What an agent can be told to do, whether it is called directly or as a job.
@NullMarked
package dev.chrysalis.agent.task;

import org.jspecify.annotations.NullMarked;
