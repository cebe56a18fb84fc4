{# The attributes of a contact that its records may give differently, each with its SQL type. #}
{% macro survivorship_attributes() -%}
    {%- set attributes = {} -%}
    {%- for name in [
        'email', 'phone_e164', 'first_name', 'last_name', 'birth_date', 'gender', 'education', 'income_band', 'job_title', 'company',
        'interests', 'lifestyle', 'language_code', 'time_zone', 'acquisition_source',
    ] -%}
        {%- do attributes.update({name: 'date' if name == 'birth_date' else dbt.type_string()}) -%}
    {%- endfor -%}
    {{- return(attributes) -}}
{%- endmacro %}


{# An address is one value of five parts. #}
{% macro address_parts() -%}
    {{- return(['address_line', 'postal_code', 'city', 'region', 'country_code']) -}}
{%- endmacro %}


{# The rank that a rule of seeds/reference/survivorship_rules.csv goes by; newest for any other. #}
{% macro survivorship_rank(rule) -%}
    case {{ rule }} when 'source_priority' then source_rank when 'verified_first' then verified_rank else newest_rank end
{%- endmacro %}
