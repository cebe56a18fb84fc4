{# The first of some readings of a phone number whose first digit and length stand among the shapes of the
   numbering plan, written |2:9|3:9|. Null when none does. #}
{% macro first_viable_number(readings, number_shapes) -%}
    case
        {%- for reading in readings %}
        when {{ crm_segmentation.place_in_text("'|' || substr(" ~ reading ~ ", 1, 1) || ':' || cast(length(" ~ reading ~ ") as " ~ dbt.type_string() ~ ") || '|'", number_shapes) }} > 0
            then {{ reading }}
        {%- endfor %}
    end
{%- endmacro %}


{# Join condition: rows with phone and country as they arrived, countries (the spellings of countries, joined to them), and
   base_people__phone_numbers, which says what the number is in that country. #}
{% macro same_phone(relation) -%}
    {{ relation }}.phone = phone_numbers.phone
        and coalesce({{ crm_segmentation.phone_country(relation ~ '.country', 'countries.stored_value') }}, '')
        = coalesce(phone_numbers.country_code, '')
{%- endmacro %}
