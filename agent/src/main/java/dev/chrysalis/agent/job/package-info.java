/// Runs tasks as jobs: processes of their own that outlive the connection which started them.
@NullMarked
package dev.chrysalis.agent.job;

import org.jspecify.annotations.NullMarked;
