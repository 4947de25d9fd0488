package dev.mixwell.demo;

import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Collects documents by group, without short ones and exact repeats. Owned by one thread. */
final class Documents {
  private static final int MIN_LENGTH = 200;

  private final Map<String, List<Document>> byGroup = new LinkedHashMap<>();
  private final Set<String> texts = new HashSet<>();

  /** Tidies the text and keeps it if it is long enough and was not met before in any group. */
  void add(Document.Origin from, String text) {
    String tidy = Cleaning.tidy(text);
    if (Cleaning.length(tidy) < MIN_LENGTH || !texts.add(tidy)) return;
    byGroup.computeIfAbsent(from.group(), group -> new ArrayList<>()).add(Document.of(from, tidy));
  }

  /** Writes {@code GROUP.jsonl.gz} for each group, ordered by id: a fixed order like a shuffle. */
  List<DemoCorpus.GroupFile> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var files = new ArrayList<DemoCorpus.GroupFile>();
    for (var group : byGroup.entrySet()) {
      var documents = new ArrayList<>(group.getValue());
      documents.sort(Comparator.comparing(Document::id));
      files.add(write(group.getKey(), documents, folder.resolve(group.getKey() + ".jsonl.gz")));
    }
    return files;
  }

  private static DemoCorpus.GroupFile write(String group, List<Document> documents, Path file)
      throws IOException {
    var digest = Sha256.digest();
    long textBytes = 0;
    // Unfinished under another name: a file of the final name is a whole one.
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(part), 1 << 16);
        var out = new DigestOutputStream(gzip, digest)) {
      for (Document document : documents) {
        out.write(document.line().getBytes(StandardCharsets.UTF_8));
        textBytes += document.text().getBytes(StandardCharsets.UTF_8).length;
      }
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return new DemoCorpus.GroupFile(
        group, file, documents.size(), textBytes, Sha256.hex(digest.digest()));
  }
}
