/// Steps that every recovery shares: members fenced and started, volumes set aside, services
/// stopped, told of a new primary and started again.
@NullMarked
package dev.chrysalis.workloads;

import org.jspecify.annotations.NullMarked;
