package dev.mixwell.http.exchange;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses a media type by an {@code Accept} header (RFC 9110, section 12.5.1). */
public final class Accept {
  private Accept() {}

  /**
   * @param header null accepts everything
   * @param offered in the server's order of preference, which decides among equals
   * @throws Refusal {@code not-acceptable} if the header excludes all of them
   */
  public static String choose(@Nullable String header, List<String> offered) {
    if (header == null || header.isBlank()) return offered.getFirst();
    if (offered.contains(header)) return header; // as most clients ask
    String best = "";
    double bestQuality = 0;
    for (String type : offered) {
      double quality = quality(header, type);
      if (quality > bestQuality) {
        best = type;
        bestQuality = quality;
      }
    }
    if (bestQuality > 0) return best;
    throw new Refusal(
            ProblemType.NOT_ACCEPTABLE,
            "`Accept: " + header + "` excludes all that can be made: " + offered + ".")
        .with("offered", offered);
  }

  /** The quality of the most specific range that matches; 0 if none does. */
  private static double quality(String header, String type) {
    int specificity = 0;
    double quality = 0;
    for (String range : header.split(",", -1)) {
      String[] parts = range.strip().toLowerCase(Locale.ROOT).split(";", -1);
      int matched = match(parts[0].strip(), type);
      if (matched > specificity) {
        specificity = matched;
        quality = weight(parts);
      }
    }
    return quality;
  }

  private static int match(String range, String type) {
    if (range.equals(type)) return 3;
    if (range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1))) return 2;
    return range.equals("*/*") ? 1 : 0;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.startsWith("q="))
        return part.matches("q=[01](\\.[0-9]{0,3})?") ? Double.parseDouble(part.substring(2)) : 0;
    }
    return 1;
  }
}
