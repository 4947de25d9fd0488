/**
 * Promises held by the real server: a process of its own, spoken to over sockets by a client that
 * shares no code with ours, killed, fenced, starved of disk and restarted. What it answered is
 * compared in the test's process.
 */
@NullMarked
package dev.mixwell.proofs;

import org.jspecify.annotations.NullMarked;
