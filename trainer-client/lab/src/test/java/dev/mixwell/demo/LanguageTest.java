package dev.mixwell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bg | Искам да благодаря на всички колеги за доклада и за това, че се съгласиха от сърце.
          cs | Chci poděkovat kolegům, že je návrh na stole, a věřím, že se v něm najdou cíle, které všichni sdílíme.
          da | Jeg vil gerne takke ordføreren, og det er vigtigt, at vi ikke glemmer de borgere, som er afhængige af det.
          de | Ich danke dem Berichterstatter und hoffe, dass wir das Ziel nicht aus den Augen verlieren, denn die Zeit ist knapp.
          el | Θέλω να ευχαριστήσω τους συναδέλφους για το σχέδιο και την υποστήριξη της επιτροπής.
          en | I thank the rapporteur for this report, which shows that the work of the committee is done and ready to be voted.
          es | Quiero dar las gracias a los ponentes por el trabajo y una propuesta que se dirige a todos para el futuro.
          et | Ma tahan tänada raportööri, ja loodan, et aruanne on valmis ning ei jää lauale seisma.
          fi | Haluan kiittää esittelijää ja toivon, että mietintö on valmis, sillä kansalaiset ovat odottaneet sitä myös täällä.
          fr | Je remercie les rapporteurs pour cette proposition, qui est une bonne base dans des temps où nous devons agir.
          hu | Szeretném megköszönni az előadónak, hogy elkészült a jelentés, és remélem, hogy nem marad a fiókban.
          it | Ringrazio il relatore per una proposta che non lascia indietro i cittadini della regione, che sono molti.
          lt | Noriu padėkoti pranešėjai ir tikiuosi, kad tai yra tik pradžia ir kad darbas tęsis.
          lv | Vēlos pateikties referentam par ziņojumu un ceru, ka tas ir tikai sākums uz labāku sadarbību un ka darbs turpinās.
          nl | Ik dank de rapporteur voor het verslag van de commissie, dat een goede basis is en niet mag verdwijnen, ook al zijn er zorgen.
          pl | Chcę podziękować sprawozdawcy i wierzę, że to jest dobry początek, na który nie czeka się w nieskończoność.
          pt | Agradeço ao relator uma proposta que não esquece os cidadãos da região e que conta com o apoio dos governos para avançar.
          ro | Doresc să mulţumesc raportorului, care este şi autorul propunerii, pe care sper să o votăm în plen.
          sk | Chcem poďakovať kolegom, že je návrh na stole, a verím, že sa v ňom nájdu ciele, ktoré všetci zdieľame.
          sl | Rada bi se zahvalila poročevalcu za poročilo, ki je dokaz, da je sodelovanje v odboru in zunaj njega mogoče.
          sv | Jag vill tacka föredraganden och hoppas att vi inte glömmer det som är viktigt för alla medborgare.
          """)
  void aSentenceIsEnough(String language, String sentence) {
    assertEquals(language, Language.of(sentence));
  }

  /** With "de" among the Dutch words, Romance speeches counted as Germanic. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          es | La política de la Unión de defensa de la competencia y de los derechos de cada ciudadano.
          fr | La politique de défense de la concurrence et des droits de tous les citoyens de notre Union.
          pt | A política de defesa de todos os direitos de cada cidadão da União e de quem nela vive.
          ro | Politica de apărare de la noi şi în regiunea de est este plină de planuri de viitor.
          """)
  void deIsNotDutch(String language, String sentence) {
    assertEquals(language, Language.of(sentence));
  }

  @ParameterizedTest
  @CsvSource({"THE VOTE OF THE HOUSE, en", "Het Van Dat, nl", "... 12 ..., bg"})
  void caseDoesNotMatterAndTheFirstOfEqualsWins(String text, String language) {
    assertEquals(language, Language.of(text));
  }
}
