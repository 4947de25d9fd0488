package dev.mixwell.rules;

/** The rules of the house, on the lab. */
class LabLayoutTest extends LayoutRules {}
