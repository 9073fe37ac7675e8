"""The subjects of the catalogue of open data: what the folders of sources are about, with their themes in the EU's list."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: titles and descriptions by language, codes of the EU's list of data themes, keywords with language.

    `licence`: of what the catalogue itself wrote; None where each source has its own.
    """

    key: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    themes: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    licence: str | None = None


OWN_LICENCE = "http://creativecommons.org/licenses/by/4.0/"
"""Of the vocabulary, and of what the catalogue itself says about its data sets."""


def _subject(
    key: str,
    vi: tuple[str, str],
    en: tuple[str, str],
    themes: str,
    keywords: tuple[tuple[str, str], ...],
    licence: str | None = None,
) -> Subject:
    titles, descriptions = {"vi": vi[0], "en": en[0]}, {"vi": vi[1], "en": en[1]}
    return Subject(key, titles, descriptions, tuple(themes.split()), keywords, licence)


EVERYTHING = _subject(
    "everything",
    (
        "Toàn bộ danh mục Chỉ Số",
        "Mọi đồ thị đã công bố: văn bản, cơ quan, chỉ số, số liệu, chế độ báo cáo, đơn vị hành chính, phân công trách nhiệm, cùng nguồn và mức chắc chắn của từng điều. Mỗi phần có giấy phép của nguồn.",
    ),
    (
        "The whole catalogue Chỉ Số",
        "Every published graph: documents, bodies, indicators, figures, reporting regimes, administrative units and assigned responsibilities, each with its source and with how sure it is. Each part bears the licence of its source.",
    ),
    "GOVE JUST ECON REGI",
    (("chỉ số", "vi"), ("trách nhiệm", "vi"), ("indicators", "en"), ("responsibility", "en")),
)
VOCABULARY = _subject(
    "vocabulary",
    ("Từ vựng và danh mục mã", "Các lớp, thuộc tính và danh mục mã mà danh mục dùng."),
    ("Vocabulary and code lists", "The classes, properties and code lists that the catalogue uses."),
    "GOVE",
    (("từ vựng", "vi"), ("vocabulary", "en")),
    OWN_LICENCE,
)
MADE_HERE = _subject(
    "made-here",
    (
        "Sổ nguồn và điều suy ra",
        "Mô tả các nguồn; và những điều danh mục tự tính từ các nguồn khi công bố: ai đang giữ việc gì, điều gì dựa trên điều gì, khóa tra cứu, những IRI đã rút.",
    ),
    (
        "Registers of sources, and what follows from the sources",
        "The descriptions of the sources; and what the catalogue computes from the sources when it publishes: who holds what, what rests on what, look-up keys, withdrawn IRIs.",
    ),
    "GOVE",
    (("nguồn", "vi"), ("sources", "en")),
    OWN_LICENCE,
)
OTHER = _subject(
    "other",
    ("Dữ liệu khác", "Dữ liệu được nạp thêm, ngoài các nguồn có mô tả trong danh mục."),
    ("Other data", "Data that was added, beside the sources that the catalogue describes."),
    "GOVE",
    (("dữ liệu bổ sung", "vi"), ("additional data", "en")),
)

SUBJECTS: Mapping[str, Subject] = {
    one.key: one
    for one in (
        EVERYTHING,
        VOCABULARY,
        MADE_HERE,
        OTHER,
        _subject(
            "seeds",
            ("Văn bản khởi đầu", "Các văn bản kế hoạch mà danh mục bắt đầu từ đó: bộ chỉ số, hệ thống, phân công."),
            (
                "First documents",
                "The planning documents that the catalogue began with: indicator sets, systems, tasks.",
            ),
            "GOVE",
            (("kế hoạch", "vi"), ("bộ chỉ số", "vi"), ("plans", "en"), ("indicator sets", "en")),
        ),
        _subject(
            "legal",
            ("Văn bản pháp luật", "Văn bản, căn cứ ban hành, việc sửa đổi, thay thế giữa các văn bản."),
            ("Legal documents", "Documents, what they rest on, what they amend and replace."),
            "JUST GOVE",
            (("văn bản pháp luật", "vi"), ("legislation", "en")),
        ),
        _subject(
            "agencies",
            ("Cơ quan", "Cơ quan nhà nước, mã định danh, việc thành lập, hợp nhất, đổi tên."),
            ("Public bodies", "Public bodies, their codes, how they were founded, merged and renamed."),
            "GOVE",
            (("cơ quan nhà nước", "vi"), ("mã định danh", "vi"), ("public bodies", "en")),
        ),
        _subject(
            "statistics",
            ("Chỉ tiêu và số liệu", "Bộ chỉ số, chỉ tiêu thống kê, số liệu, chỉ tiêu kế hoạch."),
            ("Indicators and figures", "Indicator sets, statistical indicators, figures and targets."),
            "GOVE ECON SOCI",
            (("thống kê", "vi"), ("chỉ tiêu", "vi"), ("statistics", "en"), ("indicators", "en")),
        ),
        _subject(
            "reporting",
            ("Chế độ báo cáo", "Ai báo cáo gì, cho ai, khi nào, số liệu chốt đến ngày nào."),
            ("Reporting regimes", "Who reports what to whom and when, and which days count."),
            "GOVE",
            (("chế độ báo cáo", "vi"), ("reporting", "en")),
        ),
        _subject(
            "areas",
            ("Đơn vị hành chính", "Tỉnh, huyện, xã, mã của chúng và việc sắp xếp lại."),
            ("Administrative units", "Provinces, districts and communes, their codes and how they were rearranged."),
            "REGI GOVE",
            (("đơn vị hành chính", "vi"), ("administrative units", "en")),
        ),
    )
}
