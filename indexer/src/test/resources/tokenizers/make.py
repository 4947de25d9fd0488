"""Trains three small tokenizers on Mixwell's own documentation and writes the ids that they give.

python make.py REPOSITORY OUT, with PyPI's tokenizers 0.23.2.
"""
import json, pathlib, random, sys
from tokenizers import Tokenizer, AddedToken, decoders, models, normalizers, pre_tokenizers, processors, trainers

repo, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
lines = [l for name in ("README.md", "ARCHITECTURE.md") for l in (repo / name).read_text().splitlines()]
lines += ["Grüße aus Zürich, où l'été dure; 東京は夜の七時。 Привет, мир! 🙂🚀"] * 3


def byte_level():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=500, show_progress=False,
        special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.add_special_tokens([AddedToken("<|im_start|>", special=True, normalized=False)])
    t.add_tokens([AddedToken("<tool>", normalized=False)])
    t.add_special_tokens([AddedToken("<|im_end|>", special=True, normalized=False)])
    t.add_tokens([AddedToken("    ", normalized=False)])
    t.enable_truncation(max_length=16)
    t.enable_padding(length=16, pad_token="<|im_end|>", pad_id=t.token_to_id("<|im_end|>"))
    return t


def llama():
    t = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                   decoders.Strip(content=" ", left=1)])
    t.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=700, show_progress=False,
        special_tokens=["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)], limit_alphabet=120))
    d = json.loads(t.to_str())
    d["added_tokens"] = [a for a in d["added_tokens"] if not a["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(d))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return t


def unigram():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    t.train_from_iterator(lines, trainers.UnigramTrainer(vocab_size=400, show_progress=False,
        special_tokens=["<pad>", "</s>", "<unk>", "<extra>"], unk_token="<unk>"))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    return t


texts = [
    "", "hello world", "The step is the checkpoint.", " two  spaces\tand\n\nlines    four", "Grüße, Zürich!",
    "東京 🙂 \U0001F680 e\u0301", "a\0b", "<tool>call</tool> <|im_start|>user<|im_end|>", "before<|endoftext|>behind",
    "<s>not a start</s> <unk> <pad> <extra> </s>", "x" * 300, "</s>", "<|endoftext|>", "x </s> y", "\u00a0ﬁne ½",
] + [l for l in lines if l.strip()][10:200:20] + [" ".join(lines[:30])]
rnd = random.Random(7)
for _ in range(12):
    texts.append("".join(chr(rnd.choice([rnd.randrange(32, 127), rnd.randrange(0xA0, 0x800), rnd.randrange(0x4E00, 0x4F00),
                 rnd.randrange(0x1F600, 0x1F650)])) for _ in range(rnd.randrange(1, 60))))
expected = {"texts": texts, "ids": {}, "decoded": {}}
for name, make in (("byte_level", byte_level), ("llama", llama), ("unigram", unigram)):
    (out / name).mkdir(parents=True, exist_ok=True)
    t = make()
    t.save(str(out / name / "tokenizer.json"), pretty=False)
    t = Tokenizer.from_file(str(out / name / "tokenizer.json"))
    t.no_truncation(); t.no_padding()
    t.encode_special_tokens = True
    # A Unigram model finds names of special tokens in its vocabulary, whatever it is told: null.
    named = {i for i, a in t.get_added_tokens_decoder().items() if a.special and a.content != "<unk>"}
    ids = [t.encode(x, add_special_tokens=False).ids for x in texts]
    expected["ids"][name] = [None if named & set(x) else x for x in ids]
    # Unknown tokens read as "<unk>" there, and are no text here: null.
    specials = {i for i, a in t.get_added_tokens_decoder().items() if a.special}
    expected["decoded"][name] = [None if specials & set(x) else t.decode(x, skip_special_tokens=False) for x in ids]
    print(name, t.get_vocab_size(), named, "not compared:", sum(x is None for x in expected["ids"][name]))
(out / "ids.json").write_text(json.dumps(expected, ensure_ascii=False, separators=(",", ":")) + "\n")
