/**
 * What an index says of itself: the manifest names its shards, its tokenizer and their digests, the
 * generations say how it grew, the keys count what the documents' metadata hold.
 *
 * <p>Stands on {@link dev.mixwell.shard} and {@link dev.mixwell.metadata}. {@link
 * dev.mixwell.catalog} finds documents by their metadata and stands on this package.
 *
 * <pre>
 * DIR/manifest.json           what belongs to the index, with lengths and digests ({@link dev.mixwell.manifest.Manifest})
 * DIR/manifest.json.sha256    its digest, as sha256sum writes it
 * DIR/keys.json               metadata keys and counts for their values ({@link dev.mixwell.manifest.Keys})
 * DIR/catalog/                a Lucene index of the documents (package {@code catalog})
 * DIR/shard-00000.bin .idx    tokens, as Megatron writes them
 * DIR/shard-00000.crc         a checksum for each block of the .bin
 * </pre>
 */
@NullMarked
package dev.mixwell.manifest;

import org.jspecify.annotations.NullMarked;
