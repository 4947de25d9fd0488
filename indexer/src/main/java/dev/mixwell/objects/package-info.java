/**
 * Objects in S3-compatible storage, read by range. The only package that knows the AWS SDK; whoever
 * reads shards ({@link dev.mixwell.store}) or adopts them ({@link dev.mixwell.adopt}) sees bytes
 * and refusals.
 */
@NullMarked
package dev.mixwell.objects;

import org.jspecify.annotations.NullMarked;
