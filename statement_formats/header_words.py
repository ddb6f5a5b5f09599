"""The headers that tables of bank transactions have in many languages, and what each column then holds.

A header is compared as ``normalize`` writes it, so ``Montant (EUR)``, ``MONTANT EUR`` and ``montant_eur`` are one. The
languages: English, French, German, Spanish, Italian, Dutch, Portuguese, Polish, Czech and Slovak, Swedish, Danish and
Norwegian, Finnish, Estonian, Latvian, Lithuanian, Hungarian, Romanian, Croatian and Slovenian, Turkish; those of other
scripts are in `header_words_scripts`.
"""

import re
from functools import lru_cache

from .amounts import CURRENCIES
from .header_words_scripts import WORDS
from .text import fold

# A column that is known, but is neither part of a transaction's fields nor a column that may be its amount.
IGNORED = "ignored"

# Several roles may share a header; the contents decide (see `guess`), the role that is named first has precedence.
_WORDS = {
    "date": """
        date|booking date|booked date|posting date|posted date|post date|transaction date|trans date|trans. date|
        date posted|completed date|entry date|process date|processed date|date processed|booked at|booked on|txn date|
        tran date|value dt|transaction posted date|posted|completed on|date completed|date utc|created at|
        date operation|date de l operation|date d operation|date comptable|date de comptabilisation|date opération|
        date d opération|date de transaction|date d écriture|date de l écriture|date d inscription|date d exécution|
        date comptabilisation|
        buchungstag|buchungsdatum|buchung|datum|buchungsdatum tag|abschlussdatum|transaktionsdatum|belegdatum|
        fecha|fecha operacion|fecha de operacion|fecha contable|f operacion|f contable|fecha oper|fecha movimiento|
        fecha de la operacion|f oper|fecha de transaccion|
        data|data operazione|data contabile|data registrazione|data movimento|data contab|data di registrazione|
        boekdatum|boekingsdatum|transactiedatum|uitvoeringsdatum|datum boeking|boekings datum|verwerkingsdatum|
        data lancamento|data do lancamento|data movimento|data mov|data de movimento|data da operacao|data operacao|
        data transacao|data da transacao|data lanc|data do movimento|
        data operacji|data ksiegowania|data transakcji|data waluty transakcji|data zaksiegowania|
        data ksiegowania operacji|data realizacji|
        datum zauctovani|datum provedeni|datum transakce|datum pohybu|datum uctovani|datum zuctovani|datum realizace|
        datum zauctovania|datum vykonania|datum realizacie|datum splatnosti a zauctovania|zauctovano|zauctovane|
        bokforingsdag|bokforingsdatum|bokfort|bokford|transaktionsdag|transaktionsdatum|bokf dag|bokforings datum|
        reskontradatum|
        dato|bogforingsdato|bogfort|bogforingsdag|bokforingsdato|bokfort dato|transaksjonsdato|transaktionsdato|
        utfort dato|bokforingsdato|bogf dato|bokfdato|
        paivamaara|pvm|kirjauspaiva|kirjauspvm|maksupaiva|tapahtumapaiva|kirjauspaivamaara|
        kuupaev|kande kuupaev|tehingu kuupaev|makse kuupaev|
        datums|darijuma datums|gramatosanas datums|
        data operacijos|operacijos data|atlikimo data|mokejimo data|irasymo data|
        datum konyveles|konyveles datuma|konyvelesi datum|konyveles napja|konyvelesi nap|tranzakcio datuma|
        tranzakcio idopontja|datum|konyveles|teljesites datuma|
        data tranzactiei|data inregistrarii|data procesarii|data tranzactie|data inregistrare|data operatiunii|
        datum knjizenja|datum izvrsenja|datum transakcije|datum knjizbe|
        tarih|islem tarihi|muhasebe tarihi|tarih saat
    """,
    "value_date": """
        value date|val date|value dated|effective date|interest date|date valeur|date de valeur|valeur|
        date d echeance|valuta|valutadatum|wertstellung|wertstellungstag|wertstellungsdatum|wert|valuta datum|
        valutadato|fecha valor|f valor|fecha de valor|fecha de valuta|data valuta|rentedatum|datum valuta|
        valutadag|data valor|data de valor|data do valor|data val|data waluty|data valuty|datum valuty|valutadatum|
        vardepapper datum|vardedatum|rentedag|rentedato|rentedato|arvopaiva|arvopvm|arvo pvm|vaartuspaev|
        valutesanas datums|lesesdatums|valiutavimo data|ertek nap|erteknap|ertekdatum|data valutei|valör|valor tarihi|
        valutni datum
    """,
    "amount": """
        amount|transaction amount|net amount|net|value|amt|amount in account currency|signed amount|booked amount|
        amount account currency|billing amount|posted amount|amount local currency|txn amount|
        montant|montant de l operation|montant operation|montant net|montant de la transaction|montant transaction|
        montant en devise du compte|montant signe|
        betrag|umsatz|betrag in kontowahrung|buchungsbetrag|umsatzbetrag|netto|transaktionsbetrag|betrag kontowahrung|
        importe|monto|cantidad|importe de la operacion|importe operacion|importe movimiento|monto operacion|
        importo|ammontare|importo operazione|importo in euro|
        bedrag|transactiebedrag|
        valor|montante|quantia|valor do lancamento|valor lancamento|valor da transacao|importancia|
        kwota|kwota operacji|kwota transakcji|kwota w walucie rachunku|kwota ksiegowania|kwota zaksiegowana|
        castka|objem|suma|castka v mene uctu|objem v mene uctu|zauctovana castka|castka transakce|
        suma transakcie|suma v mene uctu|
        belopp|transaktionsbelopp|belopp i sek|
        belob|belop|belob i dkk|belop i nok|belob dkk|belop nok|
        maara|summa|maara eur|maara euroa|rahamaara|
        summa eur|
        suma eur|operacijos suma|mokejimo suma|
        osszeg|konyvelt osszeg|tranzakcio osszege|osszeg ft|
        suma tranzactiei|valoare|suma in lei|suma tranzactie|
        iznos|znesek|iznos transakcije|
        tutar|islem tutari|miktar
    """,
    "debit": """
        debit|debits|debit amount|money out|paid out|withdrawal|withdrawals|withdrawal amount|out|amount out|
        debit amt|amount debit|withdrawal amt|payments out|funds out|money spent|spent|dr amount|withdrawal dr|
        withdrawals dr|payment amount out|outgoing|
        montant debit|montant au debit|sorties|retraits|retrait|depenses|sortie|
        soll|belastung|belastungen|ausgang|lastschrift|lastschriften|ausgaben|auszahlung|soll betrag|belastungsbetrag|
        cargo|cargos|debe|adeudo|adeudos|retiro|retiros|gastos|importe debe|importe cargo|debito|debitos|egreso|egresos|
        addebiti|addebito|dare|uscite|importo addebito|importo dare|uscita|
        debet|af|uitgaven|uit|bedrag af|
        saida|saidas|valor debito|montante debito|debito eur|
        obciazenia|obciazenie|kwota obciazenia|wydatki|wyplaty|winien|
        debetni obrat|odchozi|vydaje|odchozi platby|
        uttag|utbetalning|utbetalningar|ut|utgifter|utgaende|
        ut fra konto|ut av konto|ud|udbetaling|udbetalt|haevet|utbetalt|belastet|udgifter|
        panot ulos|veloitus|veloitukset|otto|menot|
        deebet|valjaminek|valjaminekud|
        debets|izmaksa|
        debetas|islaidos|nurasyta|
        terheles|terhelesek|terheles osszege|kiadas|
        suma debit|debit lei|plati|
        duguje|isplata|isplate|breme|v breme|odliv|
        borc|cikan|gider|cekilen tutar
    """,
    "credit": """
        credit|credits|credit amount|money in|paid in|deposit|deposits|deposit amount|in|amount in|
        credit amt|amount credit|deposit amt|payments in|funds in|money received|received|cr amount|deposit cr|
        deposits cr|lodgement|lodgements|incoming|
        montant credit|montant au credit|entrees|depots|depot|recettes|entree|
        haben|gutschrift|gutschriften|eingang|einnahmen|einzahlung|haben betrag|gutschriftsbetrag|
        abono|abonos|haber|ingreso|ingresos|deposito|depositos|importe haber|importe abono|credito|creditos|
        accrediti|accredito|avere|entrate|importo accredito|importo avere|entrata|
        bij|inkomsten|bedrag bij|
        entrada|entradas|valor credito|montante credito|credito eur|
        uznania|uznanie|kwota uznania|wplywy|wplaty|ma|
        kreditni obrat|prichozi|prijmy|prichozi platby|kredit|
        insattning|insattningar|inkomster|ingaende|
        inn pa konto|inn til konto|ind|indbetaling|indbetalt|indsat|innbetalt|godskrevet|inn|indtaegter|
        hyvitys|hyvitykset|pano|tulot|
        kreedit|sissetulek|sissetulekud|
        kredits|iemaksa|
        kreditas|pajamos|iskaityta|
        jovairas|jovairasok|jovairas osszege|bevetel|
        suma credit|credit lei|incasari|
        potrazuje|uplata|uplate|dobro|v dobro|priliv|
        alacak|giren|gelir|yatirilan tutar
    """,
    "direction": """
        debit credit|credit debit|dr cr|cr dr|d c|c d|dc|cd|d k|k d|dk|drcr|crdr|debit credit indicator|
        credit debit indicator|dr cr indicator|direction|debit or credit|credit or debit|debit credit flag|
        transaction direction|sens|sens de l operation|soll haben|s h|sh|soll haben kennzeichen|haben soll|
        umsatz soll haben|sollhaben|debe haber|signo|cargo abono|debito credito|credito debito|dare avere|segno|
        af bij|af of bij|bij af|debet credit|credit debet|debet kredit|kredit debet|debit kredit|d of c|
        natureza|natureza da operacao|obciazenie uznanie|strona|strona ksiegowania|wn ma|
        smer platby|smer uhrady|ud ind|ind ud|inn ut|ut inn|deebet kreedit|deebet kreedit d c|kreedit deebet|
        debets kredits|d k d c|debetas kreditas|terheles jovairas|terheles jovairas t j|t j|t k|irany|
        tip operatiune|borc alacak|b a|duguje potrazuje
    """,
    "label": """
        description|transaction description|narrative|narration|details|transaction details|memo|particulars|
        payment details|text|message|purpose|remittance information|purpose of payment|payment purpose|statement text|
        description 1|description 2|description 3|extended description|long description|original description|
        additional information|notes|note|transaction remarks|remarks|transaction narrative|transaction particulars|
        details of payment|bank description|statement description|full description|appears on your statement as|
        libelle|libelle operation|libelle de l operation|libelle complementaire|libelle simplifie|communication|
        communications|detail|detail 1|detail 2|motif|informations|nature|informations complementaires|objet|
        detail de l operation|libelle de l ecriture|details du mouvement|
        verwendungszweck|buchungstext|zweck|beschreibung|buchungsdetails|zahlungszweck|buchungsinformation|
        zahlungsreferenz text|mitteilung|notiz|umsatztext|transaktionsdetails|buchungs details|avisierungstext|
        beschreibung 1|beschreibung 2|beschreibung 3|fussnoten|vwz|zahlungsgrund|
        concepto|descripcion|detalle|detalles|observaciones|mas datos|concepto ampliado|informacion adicional|glosa|
        descripcion del movimiento|mensaje|
        descrizione|descrizione operazione|causale descrizione|descrizione completa|dettagli|descrizione estesa|
        informazioni aggiuntive|
        omschrijving|mededelingen|mededeling|omschrijving 1|omschrijving 2|omschrijving 3|vrije mededeling|
        gestructureerde mededeling|details van de beweging|
        descricao|historico|descritivo|descricao do movimento|detalhe|detalhes|lancamento|descricao da operacao|
        opis|opis operacji|tytul|tytulem|opis transakcji|szczegoly transakcji|tytul operacji|szczegoly|
        tytul przelewu|tytul platnosci|
        popis|zprava pro prijemce|poznamka|zprava|informacia pre prijemcu|sprava pre prijemcu|popis transakce|
        popis prikazce|zprava pro me|ucel|
        beskrivning|meddelande|textmeddelande|specifikation|meddelande referens|rubrik|kontohandelse|
        tekst|beskrivelse|forklaring|meddelelse|melding|posteringstekst|notat|egen note|egenreferanse melding|
        viesti|selite|selitys|tapahtuman selite|kuvaus|
        selgitus|kirjeldus|makse selgitus|
        apraksts|informacija sanemejam|maksajuma merkis|detalas|
        mokejimo paskirtis|paskirtis|aprasymas|
        kozlemeny|megjegyzes|leiras|tranzakcio leirasa|partner kozlemeny|megnevezes|
        descriere|detalii|descriere tranzactie|explicatii|detalii tranzactie|descrierea tranzactiei|
        opis transakcije|namjena|namen|opis placanja|
        aciklama|islem aciklamasi|detay
    """,
    "reference": """
        reference|ref|customer reference|payment reference|end to end id|end to end reference|your reference|
        reference number|ref no|transaction ref|end to end|e2e reference|client reference|cust ref|customer ref|
        cheque no ref no|chq ref number|chq ref no|ref no cheque no|reference no|
        kundenreferenz|kundenreferenz end to end|referenz|ende zu ende referenz|zahlungsreferenz|referenznummer|
        end to end referenz|referencia|referencia cliente|referencia 1|referencia 2|reference client|
        reference operation|reference de l operation|riferimento|rif|kenmerk|betalingskenmerk|referentie|
        referencia do cliente|numer referencyjny|referencja|variabilni symbol|variabilny symbol|vs|reference platby|
        referens|ocr|ocr nummer|referencenummer|referanse|kid|viite|viitenumero|viitenumber|saatja viitenumber|
        atsauce|numura atsauce|imokos kodas|hivatkozas|azonosito|referinta|referans|poziv na broj|sklic|
        dekont no referans
    """,
    "bank_reference": """
        transaction id|bank reference|transaction reference|id|unique id|fitid|entry reference|archive id|
        transaction number|tran id|bank ref|transaction no|txn id|bankreferenz|transaktions id|transaktionsnummer|
        buchungsreferenz|transaktions nr|identifiant|numero operation|numero d operation|reference banque|
        reference bancaire|numero de transaction|numero de operacion|id transaccion|referencia banco|
        referencia bancaria|numero de movimiento|numero movimiento|id transazione|numero operazione|volgnr|
        transactiereferentie|volgnummer|transactie id|id transacao|numero do documento bancario|identyfikator operacji|
        numer transakcji|id transakcji|id transakce|id operace|id pohybu|transaktionsid|transaksjonsid|arkivnummer|
        arkistointitunnus|arkistotunnus|arhiveerimistunnus|arhiiv|kande viide|arhiva numurs|operacijos numeris|
        tranzakcio azonosito|tranzakcio szama|numar tranzactie|referinta tranzactiei|islem no|fis no|dekont no
    """,
    "payer_name": """
        payer|payer name|ordering party|remitter|remitter name|debtor|debtor name|sender|sender name|originator|
        from name|donneur d ordre|emetteur|debiteur|payeur|
        zahlungspflichtiger|zahlungspflichtige|zahlungspflichtige r|auftraggeber|absender|zahler|
        ordenante|pagador|remitente|ordinante|mittente|opdrachtgever|betaler|ordenante nome|pagador nome|
        nadawca|nazwa nadawcy|zleceniodawca|platce|nazev platce|platitel|odesilatel|avsandare|betalare|
        avsender|afsender|indbetaler|maksaja|maksja|maksja nimi|maksatajs|moketojas|fizeto|fizeto fel|platitor|
        ordonator|gonderen|platitelj|placnik
    """,
    "payee_name": """
        payee|payee name|beneficiary|beneficiary name|recipient|recipient name|creditor|creditor name|receiver|
        to name|beneficiaire|nom du beneficiaire|destinataire|crediteur|
        zahlungsempfanger|zahlungsempfanger in|zahlungsempfangerin|empfanger|begunstigter|empfangername|
        beneficiario|destinatario|nombre beneficiario|begunstigde|ontvanger|favorecido|
        odbiorca|nazwa odbiorcy|beneficjent|prijemce|nazev prijemce|prijemca|mottagare|modtager|mottaker|saaja|
        saajan nimi|saaja nimi|sanemejs|gavejas|kedvezmenyezett|beneficiar|alici|primatelj|prejemnik
    """,
    "counterparty_name": """
        counterparty|counterparty name|name|partner|party|other party|merchant|merchant name|payee payer|payer payee|
        to from|from to|counter party|counterparty name and address|name of counterparty|contact|client payer|
        beneficiary payer|payer beneficiary|payee or payer|partner name|vendor|other party name|paid to from|
        beneficiary remitter|beneficiary or remitter|business name|supplier|
        tiers|nom|contrepartie|nom de la contrepartie|nom contrepartie|nom de la contrepartie beneficiaire|
        auftraggeber empfanger|beguenstigter zahlungspflichtiger|begunstigter zahlungspflichtiger|
        beguenstigter auftraggeber|begunstigter auftraggeber|name zahlungsbeteiligter|zahlungsbeteiligter|
        empfanger auftraggeber|empfanger zahlungspflichtiger|auftraggeber begunstigter|partnername|partner name|
        gegenpartei|name des partners|zahlungspartner|auftraggeber zahlungsempfanger|handler|
        auftraggeber empfanger name|name auftraggeber begunstigter|
        beneficiario ordenante|ordenante beneficiario|nombre|contraparte|tercero|comercio|proveedor|
        nome|controparte|ordinante beneficiario|beneficiario ordinante|esercente|
        naam tegenpartij|tegenpartij|naam|naam tegenrekening|naam omschrijving|tegenpartij naam|naam begunstigde|
        contraparte nome|nome contraparte|estabelecimento|
        kontrahent|nazwa kontrahenta|dane kontrahenta|nadawca odbiorca|odbiorca nadawca|nazwa odbiorcy nadawcy|
        dane strony operacji|nadawca odbiorca nazwa|
        protistrana|nazev protiuctu|nazev protistrany|partner nazev|nazov partnera|nazov protiuctu|obchodnik|
        nazev uctu protiuctu|
        namn|motpart|motpartens namn|avsandare mottagare|mottagare avsandare|
        navn|modpart|modparts navn|avsender mottaker|navn pa motpart|afsender modtager|
        saaja maksaja|maksaja saaja|saaja tai maksaja|nimi|vastapuoli|
        saaja maksja|saaja maksja nimi|maksja saaja|partneri nimi|vastaspool|
        sanemejs maksatajs|maksatajs sanemejs|partneris|partnera nosaukums|
        moketojas gavejas|gavejas moketojas|moketojo gavejo pavadinimas|partnerio pavadinimas|
        partner neve|partner|ellenoldali nev|kedvezmenyezett fizeto|partner nev|
        partener|nume|nume partener|beneficiar ordonator|ordonator beneficiar|
        naziv primatelja platitelja|naziv|
        karsi taraf|gonderen alici|alici gonderen|unvan
    """,
    "payer_account": """
        payer account|payer iban|payer account number|debtor account|debtor iban|sender account|sender iban|
        from account|iban auftraggeber|compte donneur d ordre|iban donneur d ordre|cuenta ordenante|iban ordenante|
        iban ordinante|rachunek nadawcy|numer rachunku nadawcy|rachunek zrodlowy|fra konto|avsandarkonto|
        maksja konto|moketojo saskaita|iban platitelja
    """,
    "payee_account": """
        payee account|payee iban|payee account number|beneficiary account|beneficiary iban|
        beneficiary account number|recipient account|recipient iban|creditor account|creditor iban|to account|
        iban beneficiaire|compte beneficiaire|numero de compte beneficiaire|iban empfanger|empfangerkonto|
        cuenta beneficiario|iban beneficiario|cuenta destino|rekeningnummer begunstigde|rachunek odbiorcy|
        numer rachunku odbiorcy|rachunek docelowy|mottagarens konto|mottagarkonto|mottakerkonto|til konto|
        modtagers konto|saajan tilinumero|saajan tili|tilinumero saaja|saaja konto|sanemeja konts|gavejo saskaita|
        cont beneficiar|iban primatelja|alici iban
    """,
    "counterparty_account": """
        counterparty account|counterparty iban|counterparty account number|counter account|other account|
        offset account|partner iban|partner account number|counterparty account iban|account number of counterparty|
        beneficiary remitter account no|counterparty bank account|partner account|compte contrepartie|
        compte de la contrepartie|numero de compte contrepartie|compte tiers|iban contrepartie|
        iban de la contrepartie|kontonummer iban|iban kontonummer|gegenkonto|gegenkonto iban|
        iban des zahlungsbeteiligten|iban zahlungsbeteiligter|partner iban kontonummer|iban gegenkonto|
        konto gegenpartei|iban auftraggeber begunstigter|iban des auftraggebers|cuenta contraparte|iban contraparte|
        conto controparte|iban controparte|tegenrekening|tegenrekening iban|rekening tegenpartij|iban tegenpartij|
        tegenpartij iban|tegenrekening iban bban|rekeningnummer tegenpartij|iban tegenrekening|tegenpartij rekening|
        conta contraparte|iban da contraparte|numer rachunku kontrahenta|rachunek kontrahenta|nr rachunku|
        rachunek przeciwstawny|numer konta kontrahenta|nr rachunku kontrahenta|rachunek nadawcy odbiorcy|
        numer rachunku nadawcy odbiorcy|nr konta|protiucet|cislo protiuctu|ucet protistrany|iban protiuctu|
        protistrana ucet|cislo uctu protistrany|cislo uctu partnera|iban partnera|motkonto|motpartens konto|
        modkonto|modpartens konto|vastatili|saaja maksja konto|saaja maksja kontonumber|partneri konto|
        sanemeja maksataja konts|partnera konts|moketojo gavejo saskaita|partnerio saskaita|partner szamlaszama|
        ellenszamla|partner szamlaszam|ellenoldali szamlaszam|partner bankszamlaszama|cont partener|iban partener|
        contul partenerului|racun primatelja platitelja|karsi hesap|karsi hesap no|karsi iban
    """,
    "account": """
        account|account number|iban|account iban|own account|account no|account id|your account|account name|
        bank account|source account|account nr|iban account number|
        compte|numero de compte|no de compte|n compte|compte bancaire|
        konto|kontonummer|auftragskonto|iban auftragskonto|eigenes konto|bezeichnung auftragskonto|kontobezeichnung|
        iban kontoinhaber|kontoname|own account name|kontoinhaber|konto iban|
        cuenta|numero de cuenta|numero cuenta|conto|numero conto|rapporto|conto corrente|
        rekening|rekeningnummer|rekening iban|iban bban|iban rekeningnummer|eigen rekening|
        conta|numero da conta|numer rachunku|rachunek|numer konta|rachunek zlecajacego|
        ucet|cislo uctu|nazev uctu|iban uctu|moj ucet|tilinumero|tili|kliendi konto|kontonr|konts|klienta konts|
        saskaita|saskaitos nr|szamlaszam|szamla|szamlaszam iban|konyvelesi szamla|cont|numar cont|cont iban|
        racun|broj racuna|hesap|hesap no|hesap numarasi|saskaitos numeris|konta numurs|
        rekeningnummer opdrachtgever|iban opdrachtgever
    """,
    "balance": """
        bal|        balance|running balance|account balance|balance after|ledger balance|balance after transaction|
        closing balance|available balance|current balance|balance amount|resulting balance|balance gbp|
        running bal|book balance|running balance amount|new balance|
        solde|solde apres operation|solde courant|solde apres|solde du compte|solde comptable|
        solde apres transaction|
        saldo|saldo nach buchung|kontostand|saldo nach umsatz|endsaldo|neuer saldo|kontosaldo|saldo laufend|
        saldo disponible|saldo posterior|saldo tras movimiento|saldo contable|saldo resultante|
        saldo contabile|saldo finale|saldo progressivo|
        saldo na mutatie|saldo na trn|saldo na boeking|saldo na transactie|nieuw saldo|saldo na verrichting|
        saldo contabilistico|saldo apos movimento|saldo apos|saldo do dia|saldo final|
        saldo po operacji|saldo po transakcji|saldo koncowe|saldo rachunku|saldo ksiegowe|saldo po zaksiegowaniu|
        zustatek|zustatek po transakci|zostatok|konecny zustatek|ucetni zustatek|zustatek po pohybu|
        bokfort saldo|saldo efter transaktion|bokfort saldo sek|disponibelt saldo|saldo efter|saldo etter|
        saldo eur|loppusaldo|tilin saldo|jaak|jaak parast|konto jaak|
        atlikums|konta atlikums|likutis|saskaitos likutis|
        egyenleg|konyvelt egyenleg|egyenleg konyveles utan|zaro egyenleg|
        sold|sold final|sold contabil|sold disponibil|sold dupa tranzactie|
        stanje|stanje nakon transakcije|
        bakiye|kalan bakiye|son bakiye
    """,
    "currency": """
        currency|currency code|ccy|cur|curr|account currency|transaction currency|payment currency|iso currency code|
        devise|monnaie|devise du compte|wahrung|waehrung|kontowahrung|buchungswahrung|divisa|moneda|
        divisa cuenta|divisa importe|valuta|moeda|waluta|waluta rachunku|waluta operacji|waluta transakcji|
        mena|mena uctu|munt|muntsoort|valuta code|muntcode|valutakod|valutta|valuuta|valuta kod|
        devizanem|penznem|deviza|moneda cont|valiuta|para birimi|doviz|doviz cinsi|doviz kodu|valuta iso
    """,
    "check_number": """
        check number|cheque number|check no|cheque no|check|cheque|check num|check or slip|chq no|chequenumber|
        cheque details|serial number|numero de cheque|numero cheque|no cheque|n de cheque|numero du cheque|
        schecknummer|scheck nr|numero assegno|cheque numero|check slip
    """,
    "transaction_code": """
        transaction type|type|code|transaction code|trans type|tran type|subcategory|category|tran code|type code|
        type operation|type d operation|type de transaction|type de mouvement|categorie|sous categorie|
        buchungsschlussel|umsatzart|vorgang|buchungsart|transaktionstyp|umsatztyp|gvc|
        tipo|tipo de operacion|tipo operacion|tipo movimiento|categoria|subcategoria|codigo|
        causale|tipologia|causale abi|tipo operazione|
        mutatiesoort|type transactie|transactietype|soort|boekcode|
        tipo de movimento|tipo lancamento|tipo de lancamento|tipo transacao|
        rodzaj operacji|typ operacji|typ transakcji|rodzaj transakcji|typ|kategoria|
        typ transakce|typ pohybu|druh transakce|typ platby|kategorie|typ transakcie|typ operace|druh pohybu|
        transaktionstyp|typ av transaktion|kategori|transaktionskod|
        transaktionstype|transaksjonstype|type transaksjon|hovedkategori|underkategori|
        tapahtumalaji|laji|tapahtumatyyppi|kirjauslaji|
        tehingu tuup|tuup|liik|tehingu liik|
        darijuma veids|veids|operacijos tipas|tipas|
        tranzakcio tipusa|tipus|forgalom tipusa|tranzakcio tipus|konyvelesi tipus|
        tip tranzactie|tip|tipul tranzactiei|
        islem tipi|islem turu|vrsta transakcije
    """,
    "original_amount": """
        original amount|foreign amount|amount in foreign currency|orig amount|local amount|transaction currency amount|
        original transaction amount|montant d origine|montant en devise|montant devise|
        ursprungsbetrag|originalbetrag|betrag in fremdwahrung|fremdwahrungsbetrag|betrag original|
        importe original|importe en divisa|importo originale|importo in divisa|
        oorspr bedrag|oorspronkelijk bedrag|bedrag vreemde munt|valor original|kwota w walucie transakcji|
        kwota oryginalna|puvodni castka|castka v puvodni mene|ursprungligt belopp|belopp i valuta|utlandskt belopp|
        belob i valuta|oprindeligt belob|belop i valuta|eredeti osszeg|suma in valuta|suma originala
    """,
    "original_currency": """
        original currency|foreign currency|orig currency|original transaction currency|devise d origine|
        ursprungswahrung|originalwahrung|fremdwahrung|divisa original|divisa originale|oorspr munt|
        oorspronkelijke munt|moeda original|waluta oryginalna|puvodni mena|ursprunglig valuta|eredeti devizanem
    """,
    "status": """
        status|state|transaction status|booking status|entry status|statut|etat|buchungsstatus|umsatzstatus|estado|
        stato|estado da transacao|situacao|stan|stav|tila|olek|statuss|busena|statusz|allapot|stare|durum|islem durumu
    """,
    "mandate_id": """
        mandatsreferenz|mandatsref|mandate reference|mandate id|mandate|machtigingskenmerk|mandaatreferentie|
        reference du mandat|reference mandat|rum|referencia del mandato|referencia de mandato|mandato|
        riferimento mandato|id mandato
    """,
    "counterparty_bank": """
        kod banky|kod banky protiuctu|kod banky protistrany|kod banky partnera
    """,
    "return_reason": """
        return reason|reason of return|reason for return|reject reason|return code|reden retour|ruckgabegrund|
        rueckgabegrund|motif de rejet|motif du rejet|motivo de devolucion|motivo devolucion
    """,
    IGNORED: """
        exchange rate|rate|fx rate|conversion rate|kurs|wechselkurs|umrechnungskurs|taux de change|tipo de cambio|
        cambio|koers|wisselkoers|kurz|menovy kurz|valutakurs|vekslingskurs|valiutos kursas|arfolyam|curs|
        curs de schimb|curs schimb|kur|cours|cours de change|tasso di cambio|
        time|transaction time|heure|hora|uhrzeit|tijd|ora|godzina|cas|tid|kellonaika|ido|saat|
        card number|card no|card|carte|karte|kartennummer|tarjeta|carta|kaart|numero de carte|numero tarjeta|
        bic|bic swift|swift|bic swift code|bank name|bank|banque|banco|banca|bankname|blz|bankleitzahl|sort code|
        bsb|bsb number|bank code|kod banku|bic tegenpartij|bic kontrahenta|
        year|month|tags|labels|country|city|address|zip code|pays|land|adresse|adres|
        terms|glaubiger id|glaeubiger id|creditor id|creditor identifier|incassant id|gesamtsaldo|transaction hour
    """,
}
AMOUNT_ROLES = ("amount", "debit", "credit", "balance")
_CODES = re.compile("|".join(code.lower() for code in sorted(CURRENCIES)))
_JOINED = {"in", "en", "w", "v", "i", "em", "kc", "zl", "lei", "ft"}
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def normalize(text):
    """Write a header in small letters, without accents and signs: ``Montant (EUR)`` -> ``montant eur``."""
    return " ".join(_WORD.findall(fold(text)))


def _by_header():
    roles = {}
    for role, words in (*_WORDS.items(), *WORDS.items()):
        for header in words.split("|"):
            key = normalize(header)
            if key and role not in roles.setdefault(key, ()):
                roles[key] += (role,)
    return roles


_ROLES = _by_header()


@lru_cache(maxsize=4096)
def roles_of(text):
    """Give what a column with a header may hold.

    :param text: str, the header as the file writes it
    :return: (tuple of roles, the likeliest first, empty if the header is not known; currency code or ''):
        ``Amount (EUR)`` and ``Betrag in EUR`` name the currency
    """
    header = normalize(text[:80])
    if header in _ROLES:
        return _ROLES[header], ""
    words = header.split()
    for at in (-1, 0):
        if len(words) > 1 and _CODES.fullmatch(words[at]):
            rest = words[:-1] if at else words[1:]
            if at and len(rest) > 1 and rest[-1] in _JOINED:
                rest = rest[:-1]
            roles = tuple(role for role in _ROLES.get(" ".join(rest), ()) if role in AMOUNT_ROLES)
            if roles:
                return roles, words[at].upper()
    if len(words) > 1 and words[-1] in _JOINED:
        return tuple(role for role in _ROLES.get(" ".join(words[:-1]), ()) if role in AMOUNT_ROLES), ""
    return (), ""
