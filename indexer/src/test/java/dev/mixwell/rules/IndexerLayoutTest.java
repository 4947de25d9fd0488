package dev.mixwell.rules;

/** The rules of the house, on the indexer. */
class IndexerLayoutTest extends LayoutRules {}
