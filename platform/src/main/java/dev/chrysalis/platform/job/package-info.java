/// Work that an agent does beside a member, as a job that outlives the connection which started it.
@NullMarked
package dev.chrysalis.platform.job;

import org.jspecify.annotations.NullMarked;
