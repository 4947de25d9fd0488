/**
 * Objects in S3-compatible storage, read by range. The only package that knows the AWS SDK.
 *
 * <p>{@link dev.mixwell.store} reads shards through it, and {@link dev.mixwell.adopt} adopts them:
 * both see bytes and refusals.
 */
@NullMarked
package dev.mixwell.objects;

import org.jspecify.annotations.NullMarked;
