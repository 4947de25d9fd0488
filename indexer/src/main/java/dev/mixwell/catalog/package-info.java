/**
 * What an index holds: the manifest names its shards and their digests, the catalog finds documents
 * by their metadata, the statistics count them.
 *
 * <p>Stands on {@link dev.mixwell.shard}. {@link dev.mixwell.ingest} writes it; a server resolves
 * its groups with {@link dev.mixwell.catalog.Catalog#select}. Lucene is used here only, and its
 * document order never leaves this package.
 *
 * <pre>
 * DIR/manifest.json           what belongs to the index, with lengths and digests ({@link dev.mixwell.catalog.Manifest})
 * DIR/manifest.json.sha256    its digest, as sha256sum writes it
 * DIR/keys.json               metadata keys and counts for their values ({@link dev.mixwell.catalog.Keys})
 * DIR/catalog/                a Lucene index of the documents ({@link dev.mixwell.catalog.Catalog})
 * DIR/shard-00000.bin .idx    tokens, as Megatron writes them
 * DIR/shard-00000.crc         a checksum for each block of the .bin
 * </pre>
 */
@NullMarked
package dev.mixwell.catalog;

import org.jspecify.annotations.NullMarked;
