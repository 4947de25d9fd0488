package dev.mixwell.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryGrammarTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '`',
      value = {
        "a:1                          → a:1",
        "*:*                          → *:*",
        "a:1 AND b:2 OR c:3           → (a:1 AND b:2) OR c:3",
        "a:1 OR b:2 AND c:3           → a:1 OR (b:2 AND c:3)",
        "a:1 && b:2 || c:3 && d:4     → (a:1 AND b:2) OR (c:3 AND d:4)",
        "a:1 OR b:2 OR c:3            → a:1 OR b:2 OR c:3",
        "a:1 OR (b:2 OR c:3)          → a:1 OR (b:2 OR c:3)",
        "a:1 OR NOT b:2               → a:1 OR NOT b:2",
        "NOT a:1 OR b:2               → NOT a:1 OR b:2",
        "NOT a:1 AND b:2              → NOT a:1 AND b:2",
        "NOT (a:1 AND b:2)            → NOT (a:1 AND b:2)",
        "NOT NOT a:1                  → a:1",
        "!a:1 AND -b:2 AND NOT c:3    → NOT a:1 AND NOT b:2 AND NOT c:3",
        "! a:1 OR - b:2               → NOT a:1 OR NOT b:2",
        "a:1 OR -b:2                  → a:1 OR NOT b:2",
        "+a:1 AND +b:2                → a:1 AND b:2",
        "a:1 b:2                      → a:1 OR b:2",
        "+a:1 -b:2 +c:3               → a:1 AND c:3 AND NOT b:2",
        "a:1 b:2 -c:3                 → (a:1 OR b:2) AND NOT c:3",
        "-a:1 -b:2                    → NOT a:1 AND NOT b:2",
        "-a:1                         → NOT a:1",
        "((a:1))                      → a:1",
        "(a:1 AND b:2) OR c:3         → (a:1 AND b:2) OR c:3",
        "a:(1 2)                      → a:1 OR a:2",
        "a:(1 AND NOT 2 OR 3)         → (a:1 AND NOT a:2) OR a:3",
        "a:(1 OR b:2)                 → a:1 OR b:2",
        "a:(1 -2)                     → a:1 AND NOT a:2",
        "a:-3                         → a:-3",
        "a:-.5 AND b:+2               → a:-.5 AND b:+2",
        "a:[1  TO *}                  → a:[1 TO *}",
        "a:[-3 TO \"x y\"]            → a:[-3 TO \"x y\"]",
        "a: 1                         → a:1",
        "a:\"x y\"~2 OR a:x\\ y       → a:\"x y\"~2 OR a:x\\ y",
        "\"key with: marks\":1        → \"key with: marks\":1",
        "a:OR1 OR b:ANDROID           → a:OR1 OR b:ANDROID",
        "a:or                         → a:or",
        "a:\"OR\"                     → a:\"OR\"",
        "a:/x(y|z)/ AND b:*           → a:/x(y|z)/ AND b:*",
      })
  void whatIsUnderstoodHasBracketsAndMeansTheSame(String query, String understood) {
    String printed = QueryGrammar.read(query).toString();
    assertEquals(understood, printed);
    assertEquals(printed, QueryGrammar.read(printed).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '`',
      value = {
        "a:1 AND b:2 c:3    → 12 → neither between b:2 and c:3; write one, or brackets",
        "a:1 OR b:2 -c:3    → 11 → neither between b:2 and -c:3",
        "a:1 NOT b:2        →  4 → write a:1 AND NOT b:2, or a:1 OR NOT b:2",
        "NOT a:1 b:2        →  0 → write NOT a:1 AND b:2, or NOT a:1 OR b:2",
        "a:1 OR +b:2        →  7 → leave the + out, or write AND",
        "+a:1 (b:2 c:3)     →  5 → (b:2 OR c:3) changes nothing beside what has a +; write +(b:2 OR c:3)",
        "+-a:1              →  0 → one of the marks",
        "a:1 and b:2        →  4 → write AND for the operator",
        "a:(1 or 2)         →  5 → write OR for the operator, or \"or\" for the value",
        "a:(1 Not 2)        →  5 → write NOT for the operator",
        "a:(1 &&2)          →  5 → write a blank behind &&",
        "a:OR               →  2 → write \"OR\" if this is the value",
        "a:1 AND OR b:2     →  8 → something is missing before OR",
        "a:x:y              →  3 → put quotes round a value with marks",
        "a:(x/y/z)          →  4 → put quotes round a value with marks",
        "a:(x\"y\")         →  4 → put quotes round a value with marks",
        "a:(x!y)            →  4 → put quotes round a value with marks",
        "a:x/y              →  5 → at character 4 (/) is not closed",
        "a:\"x              →  4 → at character 3 (\") is not closed",
        "a:(1 OR 2          →  9 → the bracket at character 3",
        "a:1)               →  3 → this bracket closes none",
        "()                 →  1 → something is missing before the bracket",
        "a:                 →  2 → something is missing",
        "b                  →  0 → \"b\" has no key; write KEY:VALUE",
        "*                  →  0 → write *:* for all documents, or KEY:*",
        "*:x                →  0 → write *:* for all documents",
        "a:-x               →  2 → write - before the key, or quotes",
        "a:x^2              →  3 → leave it out, or put quotes round all",
        "a:x~               →  2 → values are matched exactly",
        "a:[1 TO 2          →  9 → [",
        "a:[1, 2]           →  6 → it is written [1 TO 5]",
        "a:\\u12x           →  2 → as in \\u0041",
        "a:\u201Cx\u201D    →  2 → is no quote here; write \"",
        "a:'x'              →  2 → is no quote here",
        "a:x\u00a0OR        →  3 → U+00A0 looks like a blank",
      })
  void whatCannotBeReadIsPlacedAndSaysWhatToWrite(String query, int at, String what) {
    var fault = assertThrows(QueryFault.class, () -> QueryGrammar.read(query), query);
    assertTrue(fault.what().contains(what), fault.what());
    assertEquals(at, fault.at(), fault.what());
  }

  @Test
  void bracketsAreBoundedAndThoseInValuesAreNone() {
    assertEquals("a:1", QueryGrammar.read("(".repeat(64) + "a:1" + ")".repeat(64)).toString());
    String deep = "(".repeat(65) + "a:1" + ")".repeat(65);
    var fault = assertThrows(QueryFault.class, () -> QueryGrammar.read(deep));
    assertEquals(65, fault.at());
    String quoted = "a:\"" + "(".repeat(100) + "\"";
    assertEquals(quoted, QueryGrammar.read(quoted).toString());
    assertEquals("a:1", QueryGrammar.read("NOT ".repeat(4_000) + "a:1").toString());
  }
}
