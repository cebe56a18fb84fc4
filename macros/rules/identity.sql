{# An address in the form it is compared in, when match_email_aliases is on: without the +tag that a mail server ignores, and
   for Gmail, which ignores dots too, without these and under one domain. Used for matching only, never shown. #}
{% macro matching_email(email) -%}
    {%- if not var('match_email_aliases') -%}
        {{- return(email) -}}
    {%- endif -%}
    {%- set local_part = crm_segmentation.text_part(email, '@', 1) -%}
    {%- set domain = crm_segmentation.text_part(email, '@', 2) -%}
    {%- set mailbox = "coalesce(nullif(" ~ crm_segmentation.text_part(local_part, '+', 1) ~ ", ''), " ~ local_part ~ ")" -%}
    case
        when {{ email }} like '%@gmail.com' or {{ email }} like '%@googlemail.com'
            then replace({{ mailbox }}, '.', '') || '@gmail.com'
        when {{ crm_segmentation.place_in_text("'+'", email) }} > 1
            then {{ mailbox }} || '@' || {{ domain }}
        else {{ email }}
    end
{%- endmacro %}


{# What stands before the @, without the tag: who gets the mail, a person or a role. #}
{% macro email_local_part(email) -%}
    {%- set local_part = crm_segmentation.text_part(email, '@', 1) -%}
    coalesce(nullif({{ crm_segmentation.text_part(local_part, '+', 1) }}, ''), {{ local_part }})
{%- endmacro %}


{# Identity compares hashes, so that its tables hold no address, number or date. #}
{% macro identifier_key(value) -%}
    {{ crm_segmentation.md5_hex('cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}


{# Columns: the address and the number of a version of a contact as identity compares them. The caller joins phone_numbers by
   same_phone. #}
{% macro address_keys(version) -%}
    {{ crm_segmentation.identifier_key(crm_segmentation.matching_email(crm_segmentation.email_address(version ~ '.email'))) }} as email_key,
        {{ crm_segmentation.identifier_key('phone_numbers.phone_e164') }} as phone_key
{%- endmacro %}


{# The first letters of both names in the order of the alphabet: some systems swap the names. Null unless both are known. #}
{% macro initials(first_name, last_name) -%}
    {%- set first_initial = crm_segmentation.plain_initial(first_name) -%}
    {%- set last_initial = crm_segmentation.plain_initial(last_name) -%}
    case
        when {{ first_name }} is not null and {{ last_name }} is not null
            then {{ crm_segmentation.least_of([first_initial, last_initial]) }} || {{ crm_segmentation.greatest_of([first_initial, last_initial]) }}
    end
{%- endmacro %}


{# The first letter in lower case; of Latin letters without their accents. #}
{% macro plain_initial(name) -%}
    {{ crm_segmentation.plain_letters('substr(' ~ name ~ ', 1, 1)') }}
{%- endmacro %}


{# In lower case, Latin letters without their accents, whether these are signs of their own or not. Most names have none, and
   translate is dear: it is asked for the others alone. #}
{% macro plain_letters(text) -%}
    {%- set accents = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328" -%}
    case
        when {{ crm_segmentation.regexp_like(text, '[^ -~]') }} then translate(
            lower({{ text }}),
            'áàâäãåāăąéèêëēěęėíìîïīįıóòôöõøőúùûüūůűçčćñńňśšşșžźżłľĺđďðýÿğřťțţ{{ accents }}',
            'aaaaaaaaaeeeeeeeeiiiiiiiooooooouuuuuuucccnnnsssszzzllldddyygrttt'
        )
        else lower({{ text }})
    end
{%- endmacro %}


{# A given name as it is compared: the first of several, in plain letters, with one spelling for an umlaut and its transcription. #}
{% macro plain_name(name) -%}
    {%- set first_word = crm_segmentation.text_part(
        "trim(replace(replace(" ~ crm_segmentation.plain_letters(name) ~ ", '-', ' '), '.', ' '))", ' ', 1
    ) -%}
    replace(replace(replace(replace({{ first_word }}, 'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u')
{%- endmacro %}


{# Whether an attribute stands in a list of conflicts_on, as in birth_date|initials. #}
{% macro is_listed(attribute, conflicts_on) -%}
    {{ crm_segmentation.place_in_text("'|' || " ~ attribute ~ " || '|'", "'|' || coalesce(" ~ conflicts_on ~ ", '') || '|'") }} > 0
{%- endmacro %}


{# What the ledger says of each record as of the as-of date; entries of builds for later days do not count. #}
{% macro ledger_as_of(entries) %}
    select
        record_id,
        contact_id,
        first_seen_at,
        first_build_number,
        is_erased

    from (
        select
            {{ entries }}.*,
            min(build_number) over (partition by record_id) as first_build_number,
            row_number() over (partition by record_id order by known_on desc, build_number desc) as entry_rank

        from {{ entries }}

        where known_on <= {{ crm_segmentation.as_of_date() }}
    ) as ranked_entries

    where entry_rank = 1
{% endmacro %}


{# The ledger before the first build. #}
{% macro empty_ledger() %}
    select
        cast(null as {{ dbt.type_string() }}) as record_id,
        cast(null as {{ dbt.type_int() }}) as build_number,
        cast(null as date) as known_on,
        cast(null as timestamp) as first_seen_at,
        cast(null as {{ dbt.type_string() }}) as contact_id,
        cast(null as {{ dbt.type_string() }}) as link_type,
        cast(null as boolean) as is_erased

    {{ crm_segmentation.no_rows() }}
{% endmacro %}


{# The contact that an identifier belongs to, none for what happened before it did. owners: int_contacts__identifier_owners, joined by
   equality alone: DuckDB compares all rows of both sides where an outer join asks for more. #}
{% macro owner_at(owners, moment) -%}
    case when coalesce({{ moment }} >= {{ owners }}.owned_since, true) then {{ owners }}.contact_id end
{%- endmacro %}


{# What joined a contact to another: the strongest link that leaves its former records. assigned: the records with record_number,
   previous_contact_id and contact_id; link_ends: int_identity__link_ends. #}
{% macro departures(assigned, link_ends) %}
    select
        previous_contact_id,
        contact_id,
        link_type

    from (
        select
            {{ assigned }}.previous_contact_id,
            {{ assigned }}.contact_id,
            {{ link_ends }}.link_type,
            row_number() over (
                partition by {{ assigned }}.previous_contact_id, {{ assigned }}.contact_id
                order by {{ link_ends }}.strength asc, {{ link_ends }}.link_type asc
            ) as departure_rank

        from {{ assigned }}

        inner join {{ link_ends }} on {{ assigned }}.record_number = {{ link_ends }}.record_number

        inner join {{ assigned }} as neighbours on {{ link_ends }}.linked_record_number = neighbours.record_number

        where
            {{ assigned }}.previous_contact_id != {{ assigned }}.contact_id
            and {{ assigned }}.previous_contact_id != coalesce(neighbours.previous_contact_id, '')
    ) as ranked_departures

    where departure_rank = 1
{% endmacro %}
