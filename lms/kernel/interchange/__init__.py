"""Questions in the files of other systems: Moodle GIFT, Moodle XML, Aiken. Moodle is the authority on its formats."""
