"""The abbreviations of the administration (UBND, KH&CN, GRDP), spelt out on folded texts."""

import re

ABBREVIATIONS: dict[str, str] = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "tp": "thanh pho",
    "tphcm": "thanh pho ho chi minh",
    "hcm": "ho chi minh",
    "tw": "trung uong",
    "kh cn": "khoa hoc va cong nghe",
    "khcn": "khoa hoc va cong nghe",
    "tt tt": "thong tin va truyen thong",
    "tttt": "thong tin va truyen thong",
    "kh dt": "ke hoach va dau tu",
    "khdt": "ke hoach va dau tu",
    "tn mt": "tai nguyen va moi truong",
    "tnmt": "tai nguyen va moi truong",
    "nn mt": "nong nghiep va moi truong",
    "gd dt": "giao duc va dao tao",
    "gddt": "giao duc va dao tao",
    "vh tt": "van hoa va the thao",
    "ld tb xh": "lao dong thuong binh va xa hoi",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "vpcp": "van phong chinh phu",
    "ttg": "thu tuong chinh phu",
    "bkhcn": "bo khoa hoc va cong nghe",
    "btttt": "bo thong tin va truyen thong",
    "qd": "quyet dinh",
    "nd": "nghi dinh",
    "cntt": "cong nghe thong tin",
    "cds": "chuyen doi so",
    "tthc": "thu tuc hanh chinh",
    "cchc": "cai cach hanh chinh",
    "dvctt": "dich vu cong truc tuyen",
    "dvc": "dich vu cong",
    "attt": "an toan thong tin",
    "cqdt": "chinh quyen dien tu",
    "cqs": "chinh quyen so",
    "nsnn": "ngan sach nha nuoc",
    "nsdp": "ngan sach dia phuong",
    "bhxh": "bao hiem xa hoi",
    "bhyt": "bao hiem y te",
    "bhtn": "bao hiem that nghiep",
    "ntm": "nong thon moi",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "kcn": "khu cong nghiep",
    "csdl": "co so du lieu",
    "kt xh": "kinh te xa hoi",
    "ktxh": "kinh te xa hoi",
    "grdp": "tong san pham tren dia ban",
    "gdp": "tong san pham trong nuoc",
    "fdi": "dau tu truc tiep nuoc ngoai",
    "cpi": "chi so gia tieu dung",
    "iip": "chi so san xuat cong nghiep",
    "oda": "ho tro phat trien chinh thuc",
    "tfp": "nang suat cac nhan to tong hop",
    "aqi": "chi so chat luong khong khi",
}
"""Folded abbreviation → folded words, as the administration writes them."""

_FIRST_WORDS = frozenset(short.split()[0] for short in ABBREVIATIONS)
_ABBREVIATION = re.compile(r"\b(?:" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")\b")


def spelt_out(folded: str) -> str:
    """A folded text with the abbreviations of the administration spelt out.

    >>> spelt_out("so kh cn")
    'so khoa hoc va cong nghe'
    """
    if _FIRST_WORDS.isdisjoint(folded.split()):  # most names hold none; to try them all takes ten times as long
        return folded
    return _ABBREVIATION.sub(lambda found: ABBREVIATIONS[found[0]], folded)
