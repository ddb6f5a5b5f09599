"""Tables with Cyrillic, Greek, Hebrew, Arabic, Japanese, Chinese, Korean and Vietnamese headers; no database needed."""

try:
    from .common.statement_files import StatementCase, formats
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, formats

# Encoding, header and rows, the amounts from the oldest to the newest, the closing balance or None, the first label.
TABLES = {
    "Japanese, marks beside the text": (
        "cp932",
        '"日付","摘要","摘要内容","支払い金額","預かり金額","差引残高","メモ","未資金化区分","入払区分"\n'
        '"2026/4/1","振込１","カ）サンプル","","120,000","1,120,000","","","入金"\n'
        '"2026/4/3","手数料","","440","","1,119,560","","","出金"\n'
        '"2026/4/10","カード","ABC","15,000","","1,104,560","","","出金"\n',
        "120000 -440 -15000",
        "1104560",
        "振込１ カ）サンプル",
    ),
    "Japanese, one column, dates in words": (
        "cp932",
        "取引日,入出金(円),取引後残高(円),入出金内容\n2026年4月1日,120000,1120000,振込\n2026年4月13日,-440,1119560,手数料\n",
        "120000 -440",
        "1119560",
        "振込",
    ),
    "Chinese": (
        "gb18030",
        '交易日期,摘要,收入金额,支出金额,余额,对方户名,对方账号\n2026-04-01,工资,"8,000.00",,"9,000.00",示例公司,6222021\n'
        '2026-04-03,消费,,120.50,"8,879.50",某超市,\n',
        "8000.00 -120.50",
        "8879.50",
        "工资",
    ),
    "Korean": (
        "euc_kr",
        "거래일시,적요,보낸분/받는분,출금액,입금액,잔액\n2026.04.15 12:00:00,체크카드,상점,15000,,985000\n"
        "2026.04.13 09:00:00,전자금융,홍길동,,500000,1000000\n",
        "500000 -15000",
        "985000",
        "전자금융",
    ),
    "Arabic": (
        "utf-8",
        "التاريخ,الوصف,مدين,دائن,الرصيد\n01/04/2026,راتب,,8000.00,9000.00\n13/04/2026,مشتريات,120.50,,8879.50\n",
        "8000.00 -120.50",
        "8879.50",
        "راتب",
    ),
    "Arabic digits": (
        "utf-8",
        "التاريخ,البيان,المبلغ,الرصيد\n٠١/٠٤/٢٠٢٦,راتب,٨٬٠٠٠٫٠٠,٩٬٠٠٠٫٠٠\n١٣/٠٤/٢٠٢٦,مشتريات,-١٢٠٫٥٠,٨٬٨٧٩٫٥٠\n",
        "8000.00 -120.50",
        "8879.50",
        "راتب",
    ),
    "Hebrew": (
        "cp1255",
        'תאריך,תיאור,אסמכתא,בחובה,בזכות,"היתרה בש""ח"\n01/04/2026,משכורת,1234,,8000.00,9000.00\n'
        "13/04/2026,קניה,1235,120.50,,8879.50\n",
        "8000.00 -120.50",
        "8879.50",
        "משכורת",
    ),
    "Greek": (
        "cp1253",
        "Ημερομηνία;Περιγραφή;Χρέωση;Πίστωση;Υπόλοιπο\n01/04/2026;ΜΙΣΘΟΔΟΣΙΑ;;1.200,00;2.200,00\n"
        "13/04/2026;ΑΓΟΡΑ;45,50;;2.154,50\n",
        "1200.00 -45.50",
        "2154.50",
        "ΜΙΣΘΟΔΟΣΙΑ",
    ),
    "Russian": (
        "cp1251",
        "Дата операции;Описание;Расход;Приход;Остаток\n13.04.2026;Зарплата;;8 000,00;9 000,00\n"
        "15.04.2026;Магазин;500,00;;8 500,00\n",
        "8000.00 -500.00",
        "8500.00",
        "Зарплата",
    ),
    "Ukrainian": (
        "utf-8",
        "Дата,Опис операції,Сума,Валюта\n13.04.2026,Зарплата,8000.00,UAH\n15.04.2026,Магазин,-500.00,UAH\n",
        "8000.00 -500.00",
        None,
        "Зарплата",
    ),
    "Vietnamese": (
        "utf-8",
        "Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Số dư,Mô tả\n"
        '13/04/2026,REF1,,"5,000,000","6,000,000",Lương\n15/04/2026,REF2,"150,000",,"5,850,000",Mua hàng\n',
        "5000000 -150000",
        "5850000",
        "Lương",
    ),
}


class TestScripts(StatementCase):
    def test_known_headers_are_read_unasked(self):
        for name, (encoding, table, amounts, closing, label) in TABLES.items():
            with self.subTest(name=name):
                (statement,) = formats.parse("table.csv", table.encode(encoding)).statements
                self.assertEqual(" ".join(str(line.amount) for line in statement.lines), amounts)
                self.assertEqual(statement.balance_end and str(statement.balance_end), closing)
                self.assertEqual(statement.difference or 0, 0)
                self.assertEqual(statement.lines[0].label, label)

    def test_years_of_another_calendar_are_never_guessed(self):
        for table in (
            "日付,摘要,出金金額,入金金額,残高\nR08.04.01,振込,,120000,1120000\nR08.04.03,手数料,440,,1119560\n",
            "Date,Description,Amount\n01/04/2569,A,5000.00\n13/04/2569,B,-100.00\n",
        ):
            with self.assertRaises(formats.MappingRequired):
                formats.parse("table.csv", table.encode())
