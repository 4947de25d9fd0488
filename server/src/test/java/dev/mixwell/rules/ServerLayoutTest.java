package dev.mixwell.rules;

/** The rules of the house, on the server. */
class ServerLayoutTest extends LayoutRules {}
