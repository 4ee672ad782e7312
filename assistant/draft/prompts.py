"""prompts/*.md -> Prompt: instructions to a model, kept as files with a version.

A file opens with front matter (`task`, `version`, `when`, `variables`, `schema`), then the
instructions; what follows the line `# 材料` is the material of one call. A variable stands in the
text as `{{name}}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.settings.shipped import folder

_KEYS = {"task", "version", "when", "variables", "schema"}
_MATERIAL = "\n# 材料\n"
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`schema` names the answer's shape in `assistant.draft.drafter`; `instructions` hold no variables."""

    task: str
    version: str
    when: str
    variables: tuple[str, ...]
    schema: str
    instructions: str
    material: str

    @property
    def name(self) -> str:
        """What a suggestion remembers of it: draft@1."""
        return f"{self.task}@{self.version}"

    def fill(self, **values: str) -> str:
        """The material with its variables. A missing or unknown one raises `SettingsError` naming it."""
        wrong = set(self.variables) ^ set(values)
        if wrong:
            raise SettingsError(f"提示词 {self.name} 的变量不对：{'、'.join(sorted(wrong))}。")
        return _VARIABLE.sub(lambda match: values[match[1]], self.material)


def read_prompt(path: Path) -> Prompt:
    """The prompt in a file. Unknown or missing keys, and variables that are not declared, are refused by name."""
    import frontmatter
    import yaml

    try:
        page = frontmatter.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError) as error:
        raise SettingsError(f"无法读取提示词 {path.name}：{error}。") from error
    wrong = set(page.metadata) ^ _KEYS
    if wrong:
        raise SettingsError(
            f"提示词 {path.name} 的文件头不对：{'、'.join(sorted(wrong))}。应有且只有 {'、'.join(sorted(_KEYS))}。"
        )
    instructions, _, material = page.content.partition(_MATERIAL)
    head: dict[str, Any] = page.metadata
    variables = tuple(head["variables"])
    wrong = set(_VARIABLE.findall(page.content)) ^ set(variables)
    if wrong or _VARIABLE.search(instructions):
        raise SettingsError(
            f"提示词 {path.name} 的变量与文件头不一致：{'、'.join(sorted(wrong)) or '变量应在“# 材料”之后'}。"
        )
    return Prompt(
        task=head["task"],
        version=str(head["version"]),
        when=head["when"],
        variables=variables,
        schema=head["schema"],
        instructions=instructions.strip(),
        material=material.strip(),
    )


def load_prompt(task: str) -> Prompt:
    """The shipped prompt for a task."""
    return read_prompt(folder("prompts") / f"{task}.md")
