package dev.mixwell.rules;

/** The rules of the house, on the trainer. */
class TrainerLayoutTest extends LayoutRules {}
