/// Where a stack runs: workloads, members, volumes, fencing, exec.
@NullMarked
package dev.chrysalis.platform;

import org.jspecify.annotations.NullMarked;
