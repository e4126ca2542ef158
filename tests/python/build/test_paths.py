"""The folders of an installation."""

from __future__ import annotations

import pytest

import hgvalue


@pytest.mark.parametrize("folder", ["include_dir", "cmake_dir"])
def test_a_folder_that_is_missing_is_an_error_of_ours(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hgvalue, "__path__", ["/nowhere"])
    with pytest.raises(hgvalue.IncompleteInstallationError, match=r"looked in /nowhere.*reinstall") as raised:
        getattr(hgvalue, folder)()
    assert isinstance(raised.value, (hgvalue.HgValueError, FileNotFoundError))
